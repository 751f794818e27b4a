import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appRouter } from '../../../src/main/host/app-router.js';
import { windowSession } from '../../../src/main/host/app-session.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import { lastJournalEpoch, openJournal } from '../../../src/main/runtime/workspace/journal-open.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { AppClient } from '../../../src/shared/contract/app-contract.js';
import type { Actor } from '../../../src/shared/domain/state.js';
import { CliGround } from '../../fixtures/cli-ground.js';
import { HostStage } from '../../fixtures/host-stage.js';

const actor: Actor = { kind: 'person', id: 'Ann', via: 'cli' };
const clock = new SystemClock();
let stage: HostStage;

/** Adds to a journal what a Muster with another idea of a card would have added: sound lines, one of which no rule here can apply. */
async function poison(workspaceDir: string): Promise<string> {
  const dir = workspaceLayout(workspaceDir).runtime.journal;
  const { journal } = await openJournal({ dir, epoch: await lastJournalEpoch(dir), clock, checkOwnership: () => true });
  const put = (events: readonly object[]): void =>
    void journal.append({
      time: clock.now(),
      kind: 'command',
      v: 1,
      body: { command: { type: 'staged', actor }, events, effects: [] },
    });
  put([
    { type: 'halted', reason: 'Half of this record.' },
    { type: 'todo-blocked', todoId: 'todo-0', row: '', blocker: {} },
  ]);
  put([{ type: 'halted', reason: 'After it.' }]);
  await journal.drain();
  await journal.close();
  const path = join(dir, '000000000001.jsonl');
  const line = journal.lastSeq - 1;
  expect((await readFile(path, 'utf8')).split('\n')[line - 1]).toContain('todo-0');
  return `Could not apply line ${line} of ${path} (record ${line} of the journal): `;
}

async function withItems(workspaceDir: string, ...titles: readonly string[]): Promise<void> {
  const opened = await openRuntime({ workspaceDir, work: false });
  if (!opened.ok) throw new Error(opened.error.message);
  for (const title of titles)
    await opened.value.dispatch({ type: 'add-backlog-item', fields: { title } }, { commandId: `add-${title}`, actor });
  await opened.value.stop();
}

describe('a journal with a record that cannot be applied', () => {
  beforeEach(async () => {
    stage = await HostStage.makeReal();
  });
  afterEach(async () => {
    await stage.close();
  });

  it('is shown on the page as it was before that record, with the line and what helps, and takes no change', async () => {
    await withItems(stage.workspace, 'Kept');
    const sentence = await poison(stage.workspace);
    await stage.open();
    expect(stage.host.current?.isAttached).toBe(false);
    const page: AppClient = createRouterClient(appRouter, { context: { host: stage.host, session: windowSession('Ann') } });
    expect((await page.backlog.list()).items.map(({ title }) => title)).toEqual(['Kept']);
    const { problems } = await page.board();
    const { writeProblem } = await page.status();
    expect(problems.map(({ reason }) => reason)).toEqual([writeProblem]);
    expect(writeProblem).toMatch(
      /^Could not apply line \d+ of .*, or run `muster journal repair` to see what a cut before that line would take out\.$/,
    );
    expect(writeProblem.startsWith(sentence)).toBe(true);
    expect((await page.status()).halt).toBeNull();
    const refused = await page.backlog.add({ fields: { title: 'Late' } }).catch((error: unknown) => error);
    expect(refused instanceof ORPCError && refused.message).toBe(writeProblem);
    expect((await page.backlog.list()).items).toHaveLength(1);
  });
});

it('a record that cannot be applied is told by every command with its line, and the repair that is named works', async () => {
  const cli = await CliGround.make();
  try {
    await cli.muster('init', '--runner', 'rehearsal', '--no-discord');
    await cli.muster('backlog', 'add', 'Kept');
    const sentence = await poison(cli.workspace);
    const board = await cli.muster('board');
    expect([board.code, board.out.includes(sentence), board.err.includes(sentence)]).toEqual([0, true, true]);
    expect((await cli.muster('backlog')).out).toContain('Kept');
    for (const words of [['backlog', 'add', 'Late'], ['run']]) {
      const refused = await cli.muster(...words);
      expect([refused.code, refused.err.startsWith(sentence)]).toEqual([1, true]);
    }
    const look = await cli.muster('journal', 'repair');
    expect(look.out).toMatch(
      /^Line \d+ of .* is sound but cannot be applied: .* A newer Muster may be able to; try that first\. A repair keeps records 1 to \d+ and moves 2 records, this one and all after it \(\d+ bytes\), to .*: what was accepted with them is undone\. Nothing is deleted\.\nDo it with `muster journal repair --apply`\.\n$/,
    );
    expect((await cli.muster('journal', 'repair', '--apply')).out).toMatch(/^Repaired: records 1 to \d+ stay, the rest is in .*damaged-/);
    expect((await cli.muster('backlog', 'add', 'Later')).code).toBe(0);
    expect((await cli.muster('backlog')).out).toMatch(/Kept[^]*Later/);
    expect((await cli.muster('journal', 'repair')).out).toBe('The journal is whole: nothing has to be repaired.\n');
  } finally {
    await cli.dispose();
  }
});
