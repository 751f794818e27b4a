import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommitLoop } from '../../../src/main/runtime/commit-loop.js';
import { emptyFold, snapshotsOf, startingPoint } from '../../../src/main/runtime/load-state.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { snapshotBeside } from '../../../src/main/runtime/snapshot-from-disk.js';
import { openJournal } from '../../../src/main/runtime/workspace/journal-open.js';
import type { FileJournal } from '../../../src/main/runtime/workspace/journal.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { Actor } from '../../../src/shared/domain/state.js';
import { FixedIds } from '../../fakes/fixed-ids.js';

const actor: Actor = { kind: 'person', id: 'pat', via: 'cli' };
const loader = `--import=${pathToFileURL(join(import.meta.dirname, '../../fixtures/js-to-ts.mjs')).href}`;
const clock = new SystemClock();
let workspaceDir = '';
let journal: FileJournal;
let loop: CommitLoop;

const add = (title: string) =>
  loop.dispatch({ type: 'add-backlog-item', fields: { title, summary: 'x'.repeat(500) } }, { commandId: `add-${title}`, actor });

beforeEach(async () => {
  workspaceDir = await mkdtemp(join(tmpdir(), 'muster-snapshot-'));
  const dir = workspaceLayout(workspaceDir).runtime.journal;
  ({ journal } = await openJournal({ dir, epoch: 1, clock, checkOwnership: () => true }));
  const folded = emptyFold();
  loop = new CommitLoop({
    journal,
    folded,
    reload: () => Promise.resolve(folded),
    clock,
    ids: new FixedIds(),
    onWriteProblem: () => undefined,
  });
  await Promise.all(Array.from({ length: 3_000 }, (_, n) => add(`Card ${n}`)));
}, 60_000);

afterEach(async () => {
  await journal.close();
  await rm(workspaceDir, { recursive: true, force: true });
});

it('commands are answered while the snapshot of a large state is being written, and it holds the state that it was asked of', async () => {
  const { seq } = loop.folded;
  const state = JSON.parse(JSON.stringify(loop.state)) as unknown;
  const order: string[] = [];
  const written = snapshotBeside({ workspaceDir, copiesDir: join(workspaceDir, 'copies'), seq }, [loader]).then((notices) => {
    order.push('written');
    return notices;
  });
  for (let n = 0; n < 20; n += 1) {
    expect(await add(`Meanwhile ${n}`)).toMatchObject({ ok: true });
    order.push('answered');
  }
  expect(await written).toEqual([]);
  expect(order.slice(0, 20)).toEqual(Array<string>(20).fill('answered'));
  const start = await startingPoint(snapshotsOf(workspaceDir, clock));
  expect(start.snapshotSeq).toBe(seq);
  expect(start.folded.state).toEqual(state);
  expect(start.folded.receipts.size).toBe(3_000);
});

it('the next snapshot goes on from the one before it', async () => {
  const wish = { workspaceDir, copiesDir: join(workspaceDir, 'copies') };
  await snapshotBeside({ ...wish, seq: 1_000 }, [loader]);
  await snapshotBeside({ ...wish, seq: 3_000 }, [loader]);
  const start = await startingPoint(snapshotsOf(workspaceDir, clock));
  expect(start.folded.state).toEqual(JSON.parse(JSON.stringify(loop.state)));
});

it('where no thread can be begun the reason is told, so that it can be written otherwise', async () => {
  const wish = { workspaceDir, copiesDir: join(workspaceDir, 'copies'), seq: 1 };
  await expect(snapshotBeside(wish, ['--import=file:///nowhere/loader.mjs'])).rejects.toThrow(
    /^Could not run .*snapshot-program.* beside Muster: /,
  );
});
