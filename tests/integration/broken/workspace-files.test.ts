import { appendFile, cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { State } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround, pat } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

/** What people would miss: everything but what a start itself adds. */
const kept = ({ backlog, sprints, todos, turns, requests, envelopes }: State): unknown =>
  JSON.parse(JSON.stringify({ backlog, sprints, todos, turns, requests, envelopes }));

describe.skipIf(lacksJail)('a workspace with broken files', () => {
  let ground: SprintGround;
  let before: unknown;
  let copy: string;
  const opened: Runtime[] = [];
  const files = () => workspaceLayout(ground.workspace);
  const journalFile = () => join(files().runtime.journal, '000000000001.jsonl');

  async function open(): Promise<Runtime> {
    const runtime = await ground.open({ work: false });
    opened.push(runtime);
    return runtime;
  }
  async function refusal(): Promise<string> {
    const result = await openRuntime({ workspaceDir: ground.workspace, work: false });
    if (result.ok) {
      await result.value.stop();
      throw new Error('It was opened.');
    }
    return `${result.error.kind}: ${result.error.message}`;
  }
  const reasons = (runtime: Runtime): readonly string[] => Object.values(runtime.state().problems).map(({ reason }) => reason);
  /** Still takes commands, and keeps them. */
  async function expectToWork(runtime: Runtime): Promise<void> {
    const command = { type: 'add-backlog-item', fields: { title: 'After the damage' } } as const;
    expect(await runtime.dispatch(command, { commandId: 'after', actor: pat })).toMatchObject({ ok: true });
    await runtime.stop();
    const again = await open();
    expect(Object.values(again.state().backlog).map(({ title }) => title)).toContain('After the damage');
  }

  beforeAll(async () => {
    const edits = [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }];
    ground = await makeSprintGround({ todos: [{ title: 'Turn it around', developer: { edits } }], files: temptingFiles });
    const runtime = await ground.play();
    before = kept(runtime.state());
    await runtime.stop();
    copy = join(ground.dir, 'copy');
    await cp(ground.workspace, copy, { recursive: true });
  }, 120_000);
  afterAll(() => ground.dispose());
  beforeEach(async () => {
    await rm(ground.workspace, { recursive: true });
    await cp(copy, ground.workspace, { recursive: true });
    ground.log.length = 0;
  });
  afterEach(async () => {
    for (const runtime of opened.splice(0)) await runtime.stop();
  });

  it('has all it had when nothing is broken', async () => {
    const runtime = await open();
    expect(kept(runtime.state())).toEqual(before);
    expect(reasons(runtime)).toEqual([]);
  });

  it.each([
    ['half a record', '{"seq":99999,"epoch":1,"time":"2026'],
    ['zeros', '\0'.repeat(4096)],
    ['garbage without an end of line', '\u0001\u0002\u00ff'.repeat(100)],
  ])('moves %s at the end of the journal aside, says so, and goes on', async (_what, tail) => {
    await appendFile(journalFile(), tail);
    const runtime = await open();
    expect(kept(runtime.state())).toEqual(before);
    expect(reasons(runtime)).toEqual([
      expect.stringMatching(
        /^The last \d+ bytes of 000000000001\.jsonl \(line \d+\) were cut off while being written and had not been accepted\. They were moved to .*torn-.*; nothing before them is lost\.$/,
      ),
    ]);
    const [torn = ''] = (await readdir(files().runtime.journal)).filter((name) => name.startsWith('torn-'));
    expect(await readFile(join(files().runtime.journal, torn), 'utf8')).toBe(tail);
    await expectToWork(runtime);
  });

  it.each([
    ['zeroed', (bytes: Buffer, at: number) => bytes.fill(0, at, at + 40)],
    ['overwritten with garbage', (bytes: Buffer, at: number) => bytes.write('♥ not json at all ♥', at)],
    ['cut out', (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 40)])],
  ])(
    'is not opened when a line in the middle of the journal is %s; file and line are named and nothing is touched',
    async (_what, damage) => {
      await rm(files().runtime.snapshots, { recursive: true });
      const bytes = await readFile(journalFile());
      const line = 20;
      let at = 0;
      for (let n = 1; n < line; n += 1) at = bytes.indexOf(0x0a, at) + 1;
      const changed = damage(bytes, at + 30);
      await writeFile(journalFile(), Buffer.isBuffer(changed) ? changed : bytes);
      const damaged = await readFile(journalFile());
      expect(await refusal()).toMatch(
        new RegExp(
          `^damaged: Could not open the journal: line ${line} of ${journalFile()} .*Run \`muster journal repair\` to see what can be kept\\.$`,
        ),
      );
      expect(await readFile(journalFile())).toEqual(damaged);
      await cp(join(copy, '.teams_runtime', 'journal', '000000000001.jsonl'), journalFile());
      expect(kept((await open()).state())).toEqual(before);
    },
  );

  it('offers the copies when the journal was deleted, and makes no new one over them', async () => {
    await rm(files().runtime.journal, { recursive: true });
    expect(await refusal()).toMatch(/^copy-found: /);
    expect(await readdir(files().runtime.journal).catch(() => [])).not.toContain('000000000001.jsonl');
  });

  it.each([
    ['cut', (path: string) => truncate(path, 500)],
    ['zeroed', async (path: string) => writeFile(path, Buffer.alloc((await readFile(path)).length))],
    ['garbage', (path: string) => writeFile(path, '♥ not json at all ♥\n')],
  ])('reads the journal instead of a snapshot that is %s, and says so', async (_what, damage) => {
    const names = await readdir(files().runtime.snapshots);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) await damage(join(files().runtime.snapshots, name));
    const runtime = await open();
    expect(kept(runtime.state())).toEqual(before);
    expect(ground.log.join('\n')).toContain('Could not use the snapshot');
    await expectToWork(runtime);
  });

  it.each([
    ['cut', (text: string) => text.slice(0, 60)],
    ['zeroed', (text: string) => '\0'.repeat(text.length)],
    ['garbage', () => 'sprint: [unclosed\n\t- {{{'],
    ['empty', () => ''],
  ])('is not opened with a configuration that is %s, whose file is named and left as it is', async (_what, damage) => {
    const path = files().configuration;
    const good = await readFile(path, 'utf8');
    await writeFile(path, damage(good));
    expect(await refusal()).toMatch(/^configuration: .*team_runtime\.yaml/);
    expect(await readFile(path, 'utf8')).toBe(damage(good));
    await writeFile(path, good);
    expect(kept((await open()).state())).toEqual(before);
  });

  it('goes on with the configuration it had when the file breaks while it is open, and shows where', async () => {
    const runtime = await open();
    await runtime.start();
    const good = await readFile(files().configuration, 'utf8');
    await writeFile(files().configuration, 'sprint: [unclosed\n');
    const started = await runtime.startSprint(
      { milestone: 'Another', brief: '', requirements: [], sourceRequestId: '' },
      { commandId: 'another', actor: pat },
    );
    expect(started).toMatchObject({ ok: false, error: { message: expect.stringContaining('team_runtime.yaml') } });
    expect(reasons(runtime)).toEqual([expect.stringContaining('team_runtime.yaml')]);
    expect(runtime.state().configuration).not.toBeNull();
    await writeFile(files().configuration, good);
    await runtime.stop();
    expect(reasons(await open())).toEqual([]);
  });

  it.each([
    ['owner.json cut', 'owner.json', '{"epoch":'],
    ['owner.json zeroed', 'owner.json', '\0\0\0\0'],
    ['projected.log garbage', 'projected.log', '♥ not json at all ♥\n{"half'],
  ])('is opened with %s, and has all it had', async (_what, name, content) => {
    await writeFile(join(files().runtime.root, name), content);
    const runtime = await open();
    expect(kept(runtime.state())).toEqual(before);
    await expectToWork(runtime);
  });

  it.each([
    ['cut', (text: string) => text.slice(0, 40)],
    ['zeroed', (text: string) => '\0'.repeat(text.length)],
    ['garbage', () => '♥ not json at all ♥'],
    ['deleted', () => null],
  ])('writes a record again that is %s, and no card changes', async (what, damage) => {
    const [name = ''] = (await readdir(files().runtime.backlog)).filter((each) => each.endsWith('.json'));
    const path = join(files().runtime.backlog, name);
    const good = await readFile(path, 'utf8');
    const bad = damage(good);
    if (bad === null) await rm(path);
    else await writeFile(path, bad);
    const runtime = await open();
    await runtime.drain();
    expect(kept(runtime.state())).toEqual(before);
    if (what === 'deleted') expect(await readFile(path, 'utf8')).toBe(good);
    else expect(reasons(runtime).join('\n')).toContain(name);
  });

  it.each([
    ['cut', '{"relay_id": "x", "sender', 'is no JSON, or is cut off'],
    ['zeroed', '\0'.repeat(200), 'is no JSON, or is cut off'],
    ['empty', '', 'is empty'],
  ])('archives a relay file that is %s as invalid, says so, and changes no card', async (_what, content, why) => {
    const inbox = files().runtime.relayInbox('orchestrator');
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, 'broken.json'), content);
    const runtime = await open();
    await runtime.drain();
    expect(kept(runtime.state())).toEqual(before);
    expect(reasons(runtime)).toEqual([
      `Could not take in inbox/orchestrator/broken.json: it ${why}. It is in archive/orchestrator with "-invalid" in its name; mend it and put it back into the inbox.`,
    ]);
    expect(await readFile(files().runtime.relayArchiveFile('orchestrator', 'broken', '-invalid'), 'utf8')).toBe(content);
    expect(await readdir(inbox)).toEqual([]);
  });
});
