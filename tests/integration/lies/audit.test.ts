import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditWorkspace } from '../../../src/main/runtime/audit-workspace.js';
import type { Audit } from '../../../src/main/runtime/audit-workspace.js';
import type { CommandEntry } from '../../../src/main/runtime/journal-entry.js';
import { commandRecord } from '../../../src/main/runtime/journal-entry.js';
import { loadState, snapshotsOf } from '../../../src/main/runtime/load-state.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { sealReceipt } from '../../../src/main/runtime/receipts/receipt-store.js';
import { canonicalJson } from '../../../src/main/runtime/receipts/canonical-json.js';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { lastJournalEpoch, openJournal } from '../../../src/main/runtime/workspace/journal-open.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { Receipt } from '../../../src/shared/domain/receipt.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { Todo } from '../../../src/shared/domain/state.js';
import { forgeJournal, forgeSealedFiles } from '../../fixtures/journal-forger.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

const short = (name: string): string => name.slice(0, 10);

describe.skipIf(lacksJail)('an audit of a workspace after a sprint', () => {
  let ground: SprintGround;
  let todo: Todo;
  let receipt: Receipt;
  let base: string;
  let tip: string;
  let kept: string;
  const places = () => workspaceLayout(ground.workspace).runtime;

  const audit = (rerun = false): Promise<Audit> => auditWorkspace({ workspaceDir: ground.workspace, rerun, clock: new SystemClock() });
  const sentences = async (rerun = false): Promise<readonly string[]> => (await audit(rerun)).findings.map(({ finding }) => finding);

  beforeAll(async () => {
    const edits = [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }];
    ground = await makeSprintGround({
      todos: [{ title: 'Turn the sum around', developer: { edits } }],
      files: { ...temptingFiles, 'lint.mjs': "console.log('always unhappy');\nprocess.exit(1);\n" },
      verify: { tests: ['node', '--test'], lint: ['node', 'lint.mjs'] },
      integrate: 'on_completion',
    });
    base = await ground.repository.git('rev-parse', 'main');
    const runtime = await ground.play();
    todo = todoNamed(runtime.state(), 'Turn the sum around');
    const written = currentRevision(todo).receipt;
    if (!written) throw new Error(`There is no receipt: ${JSON.stringify(todo.blocker)}`);
    receipt = written;
    await runtime.stop();
    tip = await ground.repository.git('rev-parse', 'main');
    kept = join(ground.dir, 'kept');
    await cp(ground.workspace, kept, { recursive: true });
  }, 120_000);
  afterAll(() => ground.dispose());

  beforeEach(async () => {
    await rm(ground.workspace, { recursive: true });
    await cp(kept, ground.workspace, { recursive: true });
  });
  afterEach(() => ground.repository.git('reset', '-q', '--hard', tip));

  it('finds nothing in an honest one, also when everything runs again', async () => {
    expect(receipt).toMatchObject({ badge: 'with_gaps', gaps: [{ kind: 'red-on-base-too', command: 'lint' }], commit: tip });
    expect(await audit(true)).toEqual({ findings: [], receipts: 1, rerun: 1, byPeople: [] });
  });

  it('takes no lock and leaves no file behind', async () => {
    const list = async (): Promise<readonly string[]> => (await readdir(ground.workspace, { recursive: true })).toSorted();
    const before = await list();
    await audit(true);
    expect(await list()).toEqual(before);
    expect((await readdir(join(ground.dir, 'state', 'w'), { recursive: true })).filter((name) => name.includes('audit-'))).toEqual([]);
  });

  it('finds a commit that somebody made on the target with a trailer of Muster', async () => {
    const forged = await ground.repository.commit({ 'lib/evil.mjs': '1;\n' }, 'All verified\n\nMuster-Closeout: closeout-todo-916-r1-1');
    expect((await audit()).findings).toEqual([
      {
        todoId: '',
        revision: 0,
        finding: `Commit ${short(forged)} on main ("All verified") carries the trailer Muster-Closeout: closeout-todo-916-r1-1, which no receipt of this workspace knows. It was made by hand, or by another workspace.`,
      },
    ]);
  });

  it('finds a commit that borrows the trailer of a real closeout', async () => {
    const forged = await ground.repository.commit({ 'lib/evil.mjs': '1;\n' }, `More\n\nMuster-Closeout: ${receipt.closeoutId}`);
    expect(await sentences()).toEqual([
      `Commit ${short(forged)} on main ("More") carries the trailer of ${receipt.closeoutId}, whose receipt is of another commit.`,
    ]);
  });

  it("lists a person's commit on the target as theirs, not as a finding", async () => {
    const commit = await ground.repository.commit({ 'README.md': 'Hello\n' }, 'Say hello');
    expect(await audit()).toMatchObject({ findings: [], byPeople: [{ commit, subject: 'Say hello', target: 'main' }] });
  });

  it('finds that the commit of a receipt was taken off the target', async () => {
    await ground.repository.git('reset', '-q', '--hard', base);
    expect(await sentences()).toEqual([`Commit ${short(tip)} is not on refs/heads/main.`]);
  });

  it('finds that the history below a sprint was rewritten', async () => {
    await ground.repository.git('reset', '-q', '--hard', base);
    await ground.repository.git('commit', '-q', '--amend', '-m', 'Another beginning');
    const sprintId = todo.sprintId;
    expect(await sentences()).toContain(
      `main does not contain ${short(base)} any more, which it stood at when sprint ${sprintId} began: its history was rewritten.`,
    );
  });

  it('finds output that was changed or thrown away after it was written', async () => {
    const blobs = new FileBlobStore({ dir: places().blobs, clock: new SystemClock() });
    const [tests, lint] = receipt.commands;
    await writeFile(blobs.pathOf(tests?.outputHash ?? ''), '# pass 916\n');
    await rm(blobs.pathOf(lint?.outputHash ?? ''));
    expect(await sentences()).toEqual(
      expect.arrayContaining([
        `The output of tests was changed: its bytes do not have the hash ${short(tests?.outputHash ?? '')}.`,
        `The output of lint is missing from the blobs (${short(lint?.outputHash ?? '')}).`,
      ]),
    );
  });

  it('finds a badge that was painted over in the journal', async () => {
    await forgeJournal(ground.workspace, (each) => ({ ...each, badge: 'verified', gaps: [] }));
    expect(await sentences()).toEqual([
      'The receipt was changed after it was written: its own hash does not match.',
      'The badge says verified, but the facts in the receipt make it with_gaps.',
      'The gaps listed are not the ones that the facts in the receipt have.',
      'No blob holds the receipt as it stands: it was changed after it was written, or the blob is gone.',
    ]);
  });

  const green = (each: Receipt): Receipt =>
    sealReceipt({ ...each, commands: each.commands.map((command) => ({ ...command, exitCode: 0 })) });

  it('finds an exit code that was changed in the journal and sealed again', async () => {
    await forgeJournal(ground.workspace, green);
    expect(await sentences()).toEqual([
      'No blob holds the receipt as it stands: it was changed after it was written, or the blob is gone.',
    ]);
  });

  it('finds, by running it again, a forgery in which receipt, journal and blob agree', async () => {
    await forgeJournal(ground.workspace, green);
    await new FileBlobStore({ dir: places().blobs, clock: new SystemClock() }).put(canonicalJson(green(receipt)));
    expect(await sentences()).toEqual([]);
    expect(await sentences(true)).toEqual(['lint now says exit code 1, but the receipt says exit code 0.']);
  });

  it('finds commands that are not those of the sprint', async () => {
    const easy = (each: Receipt): Receipt =>
      sealReceipt({ ...each, commands: each.commands.map((command) => ({ ...command, argv: ['true'] })) });
    await forgeJournal(ground.workspace, easy);
    expect(await sentences()).toContain('The commands in the receipt are not the ones whose hash it names.');
  });

  it('finds a receipt that was changed in the snapshot only', async () => {
    await forgeSealedFiles(places().snapshots, green);
    expect(await sentences()).toContain('The receipt is not the one in the journal.');
  });

  it('finds a card that was made DONE without a receipt', async () => {
    await forgeSealedFiles(places().snapshots, () => null as unknown as Receipt);
    expect((await audit()).findings).toEqual([{ todoId: todo.todoId, revision: 1, finding: 'It is done, but there is no receipt.' }]);
  });

  /** What the runtime does when a sprint is settled for good, a week after its end. */
  async function archiveSprint(): Promise<void> {
    const clock = new SystemClock();
    const { state } = await loadState(ground.workspace, clock);
    const sprint = state.sprints[todo.sprintId];
    await snapshotsOf(ground.workspace, clock).writeArchive(todo.sprintId, { sprint, todos: [todo], turns: [], envelopes: [] });
    const dir = places().journal;
    const { journal } = await openJournal({ dir, epoch: await lastJournalEpoch(dir), clock, checkOwnership: () => true });
    const body: CommandEntry = {
      command: { type: 'settle-effect', actor: { kind: 'runtime', id: 'runtime' } },
      events: [{ type: 'sprint-archived', sprintId: todo.sprintId }],
      effects: [],
    };
    await journal.append({ time: clock.now(), ...commandRecord, body }).durable;
    await journal.close();
    expect((await loadState(ground.workspace, clock)).state.todos).toEqual({});
  }

  it('goes through sprints that have left memory, and finds what was changed in their archives', async () => {
    await archiveSprint();
    expect(await audit()).toMatchObject({ findings: [], receipts: 1 });

    await forgeSealedFiles(places().archive, green);
    expect((await audit()).findings).toContainEqual({
      todoId: todo.todoId,
      revision: 1,
      finding: 'The receipt is not the one in the journal.',
    });
    await writeFile(
      join(places().archive, `${todo.sprintId}.json`),
      (await readFile(join(places().archive, `${todo.sprintId}.json`))).subarray(0, 400),
    );
    expect((await sentences()).join()).toMatch(/^Could not read .*its content does not match its checksum/);
    await rm(places().archive, { recursive: true });
    await mkdir(places().archive);
    expect(await sentences()).toEqual([`The archive of sprint ${todo.sprintId} is missing, and its receipts with it.`]);
  });
});
