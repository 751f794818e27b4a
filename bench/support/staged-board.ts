import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { appRouter } from '../../src/main/host/app-router.js';
import { windowSession } from '../../src/main/host/app-session.js';
import { WorkspaceHost } from '../../src/main/host/workspace-host.js';
import { packageRoot } from '../../src/main/runtime/platform/package-root.js';
import { RandomIds } from '../../src/main/runtime/platform/random-ids.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import { openRuntime } from '../../src/main/runtime/runtime.js';
import { initWorkspace } from '../../src/main/runtime/workspace/scaffold.js';
import { WebServer } from '../../src/main/web/web-server.js';
import type { AppClient } from '../../src/shared/contract/app-contract.js';
import { writeStagedJournal } from '../../tests/fixtures/staged-journal.js';
import { DomainStage, lead } from '../../tests/unit/domain/domain-stage.js';
import { item } from '../../tests/unit/domain/report-shapes.js';
import { plannedSprint, settleWell } from '../../tests/unit/domain/sprint-play.js';

/** Half of the cards are through, half of those approved; what the slots hold is at work, the rest waits. */
function stageBoard(cards: number): DomainStage {
  const stage = new DomainStage({ limits: { parallelTodos: 4, dayTokens: Number.MAX_SAFE_INTEGER, dayTurns: null } });
  plannedSprint(
    stage,
    Array.from({ length: cards }, (_, at) => item(`Piece of work ${at + 1}`, { priorityRank: 1 })),
  );
  let landed = 0;
  for (let next = stage.pending()[0]; next && landed < cards / 2; next = stage.pending()[0]) {
    const isLast = next.effect.type === 'integrate';
    settleWell(stage, next);
    if (isLast) landed += 1;
  }
  const done = Object.values(stage.state.todos).filter(({ status }) => status === 'committed');
  for (const { todoId, revision } of done.slice(0, Math.floor(done.length / 2)))
    stage.do({ type: 'approve', todoId, revision, comment: '' }, lead);
  return stage;
}

/** A board of so many cards behind a real server that works on none of them, and an empty page beside it. */
export interface StagedBoard {
  readonly base: string;
  readonly emptyPage: string;
  readonly client: AppClient;
  link(): Promise<string>;
  close(): Promise<void>;
}

/** Serves a board of `cards` cards from a journal of its own, with the page that was built. */
export async function serveStagedBoard(cards: number): Promise<StagedBoard> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-bench-board-'));
  const stateHome = join(dir, 'state');
  process.env['MUSTER_STATE_HOME'] = stateHome;
  const clock = new SystemClock();
  const workspaceDir = join(dir, 'workspace');
  const webRoot = join(dir, 'web');
  const made = await initWorkspace({ workspaceDir, project: null, clock, isDiscordOn: false });
  if (!made.ok) throw new Error(made.error);
  await writeStagedJournal(workspaceDir, stageBoard(cards));
  await cp(join(packageRoot(), 'out', 'web'), webRoot, { recursive: true });
  await writeFile(
    join(webRoot, 'empty.html'),
    '<!doctype html><html lang="en"><title>Empty</title><body><p data-card="empty">0</p></body></html>',
  );
  const onLog = (line: string): void => void process.stderr.write(`${line}\n`);
  const host = new WorkspaceHost({
    clock,
    ids: new RandomIds(),
    version: '0.0.0',
    stateHome,
    openRuntime: (options) => openRuntime({ ...options, work: false }),
    personName: () => Promise.resolve('Ann'),
    onLog,
  });
  const opened = await host.open(workspaceDir, true);
  if (!opened.ok) throw new Error(opened.error);
  const server = await WebServer.start({ host, workspace: workspaceDir, port: null, webRoot, onLog });
  const base = `http://127.0.0.1:${server.port}`;
  return {
    base,
    emptyPage: `${base}/empty.html`,
    client: createRouterClient(appRouter, { context: { host, session: windowSession('Ann') } }),
    link: () => server.link('lead', 'Ann'),
    close: async () => {
      await server.stop();
      await host.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
