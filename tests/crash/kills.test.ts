import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGitRepository } from '../../src/main/runtime/git/git-repository-adapter.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import { auditReceipt } from '../../src/main/runtime/receipts/audit.js';
import { FileBlobStore } from '../../src/main/runtime/workspace/blob-store.js';
import { workspaceLayout } from '../../src/main/runtime/workspace/layout.js';
import type { State } from '../../src/shared/domain/state.js';
import type { CrashEnd } from './crash-stage.js';
import { CrashStage, endOf } from './crash-stage.js';
import { KillSchedule, placesIn } from './kill-schedule.js';
import { standingIn, turnNames } from './kill-watch.js';
import { leftFiles, livingOf } from './left-behind.js';
import { gitIn, landedOn, reflogOf } from './project-history.js';
import type { Landed } from './project-history.js';
import { byTheClock, playWithKills } from './play-with-kills.js';
import type { Played } from './play-with-kills.js';
import { expectRightJournal } from './raw-journal.js';
import { SeededChance } from './seeded-chance.js';

const wantedKills = Number(process.env['MUSTER_KILLS'] ?? (process.env['MUSTER_LONG'] === '1' ? '200' : '50'));
/** Two sprints of a minute on a slow machine, and some seconds for each kill and what it undid. */
const limitMs = 240_000 + wantedKills * 8_000;

const seed = Number(process.env['MUSTER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const stages: CrashStage[] = [];
const staged = async (parallelTodos: number): Promise<CrashStage> => {
  const stage = new CrashStage({ parallelTodos });
  stages.push(stage);
  await stage.make();
  return stage;
};

/** Stages that nobody disturbed, by `parallel_todos`, and how their run went. */
const undisturbed = new Map<number, { readonly quiet: CrashStage; readonly reference: CrashEnd }>();

function undisturbedWith(parallelTodos: number): { readonly quiet: CrashStage; readonly reference: CrashEnd } {
  const found = undisturbed.get(parallelTodos);
  if (!found) throw new Error(`Nothing was played with parallel_todos ${parallelTodos}.`);
  return found;
}

beforeAll(async () => {
  const play = async (parallelTodos: number): Promise<void> => {
    const quiet = await staged(parallelTodos);
    undisturbed.set(parallelTodos, { quiet, reference: await quiet.playToTheEnd() });
  };
  await Promise.all([play(1), play(2)]);
}, limitMs);

afterAll(() => {
  if (process.env['MUSTER_KEEP'] !== '1') stages.forEach((stage) => stage.remove());
});

/** Receipts recomputed from git and blobs alone. */
async function auditAll(stage: CrashStage, state: State): Promise<string[]> {
  const clock = new SystemClock();
  const git = openGitRepository({ projectPath: stage.project, clock, emptyHooksDir: join(stage.root, 'no-hooks') });
  const blobs = new FileBlobStore({ dir: workspaceLayout(stage.workspace).runtime.blobs, clock });
  const receipts = Object.values(state.todos).flatMap(({ revisions }) => revisions.map(({ receipt }) => receipt));
  const findings = await Promise.all(
    receipts.map((receipt) => (receipt ? auditReceipt(receipt, { git, blobs }) : Promise.resolve(['A landed revision has no receipt.']))),
  );
  return findings.flat();
}

function expectRightProject({ project }: CrashStage): void {
  expect(reflogOf(project)).toEqual(landedOn(project).map(({ commit }) => commit));
  expect(gitIn(project, 'status', '--porcelain')).toBe('');
  expect(() => gitIn(project, 'fsck', '--full', '--strict', '--no-dangling')).not.toThrow();
  expect(() => testsOf(project)).not.toThrow();
}

/** Runs the project's own tests in a clone of what landed. */
function testsOf(project: string): void {
  const clone = `${project}-clone`;
  gitIn(project, 'clone', '--quiet', '--branch', 'main', project, clone);
  const env = { ...process.env, npm_config_cache: `${clone}-cache` };
  execFileSync('npm', ['ci', '--offline', '--no-audit', '--no-fund'], { cwd: clone, env, stdio: 'pipe' });
  execFileSync(process.execPath, ['--test'], { cwd: clone, stdio: 'pipe' });
}

function expectTurnsOnce({ starts, killed, startsInterrupted }: Played, state: State): void {
  const turns = Object.values(state.turns);
  expect(turns.filter(({ status }) => status !== 'ended')).toEqual([]);
  expect(turns.filter(({ failures }) => failures.length > 0).map(({ failures }) => failures)).toEqual([]);
  expect(starts.length).toBeLessThanOrEqual(turns.length + startsInterrupted);
  expect(turns.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(turns.length + killed * 2);
  for (const { turnId, attempts } of turns) expect(attempts).toBeLessThanOrEqual(starts.filter((id) => id === turnId).length);
}

/**
 * A record that was cut off in the middle is put aside, shown, and nothing else is a problem. A cut between two records tears none. A kill
 * from outside may come in the middle of a write as well: the system ends a write between two pages when its process is killed.
 */
function expectTornLinesShown({ workspace }: CrashStage, state: State, kills: Played['kills']): void {
  const torn = readdirSync(workspaceLayout(workspace).runtime.journal).filter((name) => name.startsWith('torn-'));
  const mayTear = (kills.get('journal:torn') ?? 0) + (kills.get(byTheClock) ?? 0);
  expect(torn.length).toBeLessThanOrEqual(mayTear);
  const reasons = Object.values(state.problems).map(({ reason }) => reason);
  expect(reasons.filter((reason) => !reason.includes('were cut off while being written and had not been accepted.'))).toEqual([]);
  expect(reasons.length).toBe(torn.length);
}

const changesBySubject = (landed: readonly Landed[]): string[] =>
  landed.map(({ subject, changes }) => [subject, ...changes].join('\n')).sort();

function report(parallelTodos: number, played: Played, tookMs: number): void {
  const sorted = [...played.restartMs].sort((a, b) => a - b);
  const points = [...played.kills]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([point, count]) => `  ${String(count).padStart(4)}  ${point}`);
  process.stdout.write(
    [
      `parallel_todos ${parallelTodos}, seed ${seed}: ${played.killed} kills in ${played.runs} runs and ${Math.round(tookMs / 1000)} s;`,
      `  ${played.starts.length} starts of turns, ${played.startsInterrupted} of them interrupted; a start takes ${sorted[Math.floor(sorted.length / 2)] ?? 0} ms (most ${sorted.at(-1) ?? 0} ms)`,
      ...points,
      '',
    ].join('\n'),
  );
}

describe.each([1, 2])('a sprint with parallel_todos %i that is killed again and again', (parallelTodos) => {
  test(
    `loses nothing, does nothing twice, and lands what an undisturbed one lands (seed ${seed})`,
    async () => {
      const { quiet, reference } = undisturbedWith(parallelTodos);
      const expected = await standingIn(quiet.workspace);
      const schedule = new KillSchedule({
        lines: reference.lines,
        kills: wantedKills,
        chance: new SeededChance(seed + parallelTodos),
      });

      const startedMs = performance.now();
      const played = await playWithKills(await staged(parallelTodos), schedule);
      report(parallelTodos, played, performance.now() - startedMs);
      const { stage } = played;

      expect(endOf(played.last).isDone).toBe(true);
      expect(played.lost).toEqual([]);
      expect(played.killed).toBeGreaterThanOrEqual(wantedKills);
      expect([...new Set(placesIn(reference.lines).map(({ point }) => point))].filter((point) => !played.kills.has(point))).toEqual([]);
      const { state } = await standingIn(stage.workspace);
      expectRightJournal(stage.workspace);
      expectRightProject(stage);
      expectTurnsOnce(played, state);
      expect(await auditAll(stage, state)).toEqual([]);
      // Nothing that a killed run left is taken for a person's.
      expect(Object.values(state.todos).flatMap(({ revisions }) => revisions.flatMap(({ changedBy }) => changedBy))).toEqual([]);
      expectTornLinesShown(stage, state, played.kills);
      expect(leftFiles(stage)).toEqual([]);
      expect(livingOf(stage)).toEqual([]);

      const landed = landedOn(stage.project);
      const right = landedOn(quiet.project);
      if (parallelTodos === 1) {
        expect(landed.map(({ subject, tree }) => ({ subject, tree }))).toEqual(right.map(({ subject, tree }) => ({ subject, tree })));
        expect(turnNames(state)).toEqual(turnNames(expected.state));
      } else {
        // The order of landing is a race, and a tree holds all that landed before it: each todo's own lines and the last tree are what is sure.
        expect(changesBySubject(landed)).toEqual(changesBySubject(right));
        expect(landed.at(-1)?.tree).toBe(right.at(-1)?.tree);
      }

      const again = await stage.play().end;
      expect(endOf(again).isDone).toBe(true);
      expect(again.lines.filter(({ t }) => t === 'started')).toEqual([]);
      expect(landedOn(stage.project)).toEqual(landed);
    },
    limitMs,
  );
});
