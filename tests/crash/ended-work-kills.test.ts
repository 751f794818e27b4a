import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Story } from '../../src/main/cli/crash/play-story.js';
import { auditWorkspace } from '../../src/main/runtime/audit-workspace.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { EffectType } from '../../src/shared/domain/effect.js';
import type { CrashEnd, StageOptions } from './crash-stage.js';
import { CrashStage, expectFinished } from './crash-stage.js';
import { EachOnce, keyOf, placesIn } from './kill-schedule.js';
import type { Reached } from './kill-schedule.js';
import { nothingYet, standingIn } from './kill-watch.js';
import { leftFiles, livingOf, worktreeFiles } from './left-behind.js';
import { playWithKills } from './play-with-kills.js';
import type { Played } from './play-with-kills.js';
import { gitIn, landedOn, reflogOf } from './project-history.js';
import { expectRightJournal, rawJournal } from './raw-journal.js';

/** One run of the program, if nobody kills it. */
interface Chapter extends Story {
  readonly isKilled: boolean;
}

interface Plot {
  readonly name: string;
  readonly settings: NonNullable<StageOptions['settings']>;
  readonly isRepository: boolean;
  readonly chapters: readonly Chapter[];
  /** What is killed of what an undisturbed run of the chapters with kills passes; all else is killed elsewhere. */
  readonly effects: readonly EffectType[];
  readonly receipts: number;
}

const effectOf = ({ point }: Reached): EffectType => point.slice(0, point.indexOf(':')) as EffectType;

const title = 'Know days';
/** Longer than `retention.days`. */
const daysAgo = 8;
const sprint = { acts: [], daysAgo: 0 };

const plots: readonly Plot[] = [
  {
    name: 'work that lands when it is approved, is reverted, and is put away when it is old',
    settings: [[['git', 'integrate'], 'on_approval']],
    isRepository: true,
    chapters: [
      { acts: [], daysAgo, isKilled: false },
      {
        acts: [
          { type: 'approve', title },
          { type: 'revert', title },
        ],
        daysAgo,
        isKilled: true,
      },
      { acts: [{ type: 'next-sprint' }], daysAgo: 0, isKilled: true },
    ],
    effects: ['rebase', 'verify', 'integrate', 'revert', 'remove-worktree', 'archive-sprint'],
    receipts: 2,
  },
  {
    name: "work in the person's own checkout",
    settings: [[['git', 'isolation'], 'in_place']],
    isRepository: true,
    chapters: [{ ...sprint, isKilled: true }],
    effects: ['verify', 'commit'],
    receipts: 1,
  },
  {
    name: 'work without a repository',
    settings: [],
    isRepository: false,
    chapters: [{ ...sprint, isKilled: true }],
    effects: ['verify'],
    receipts: 1,
  },
];

/** What must be in a journal as often as in that of an undisturbed run; attempts, starts and turns are as many as the kills made them. */
const arrived = new Set([
  ...['sprint-started', 'worktree-ready', 'evidence-gathered', 'closeout-started', 'closeout-advanced', 'receipt-written'],
  ...['todo-committed', 'todo-ended', 'todo-uncommitted', 'todo-blocked', 'verdict-given', 'revert-asked', 'revert-blocked'],
  ...['todo-reverted', 'worktree-removed', 'sprint-archive-asked', 'sprint-archived', 'problem-found'],
]);

interface Told {
  readonly quiet: CrashStage;
  readonly stage: CrashStage;
  readonly wanted: readonly Reached[];
  readonly played: readonly Played[];
}

const stages: CrashStage[] = [];
const told = new Map<Plot, Told>();

async function staged({ settings, isRepository }: Plot): Promise<CrashStage> {
  const stage = new CrashStage({ parallelTodos: 1, rehearsal: 'one-todo', settings });
  stages.push(stage);
  await stage.make();
  if (!isRepository) stage.leaveRepository();
  return stage;
}

function play(stage: CrashStage, chapter: Chapter): Promise<CrashEnd> {
  stage.setStory(chapter);
  return stage.playToTheEnd();
}

/** Both at once, as far as neither waits for the other. */
async function tell(plot: Plot): Promise<Told> {
  const [quiet, stage] = await Promise.all([staged(plot), staged(plot)]);
  const wanted: Reached[] = [];
  const played: Played[] = [];
  let standing = nothingYet;
  for (const chapter of plot.chapters) {
    if (!chapter.isKilled) {
      await Promise.all([play(quiet, chapter), play(stage, chapter)]);
      standing = await standingIn(stage.workspace);
      continue;
    }
    const places = placesIn((await play(quiet, chapter)).lines).filter((place) => plot.effects.includes(effectOf(place)));
    wanted.push(...places);
    stage.setStory(chapter);
    played.push(await playWithKills(stage, new EachOnce(places), standing));
    standing = await standingIn(stage.workspace);
  }
  return { quiet, stage, wanted, played };
}

const toldOf = (plot: Plot): Told => {
  const found = told.get(plot);
  if (!found) throw new Error(`Nobody told of ${plot.name}.`);
  return found;
};

const arrivals = ({ workspace }: CrashStage): string[] =>
  rawJournal(workspace)
    .flatMap(({ body }) => (body.events ?? []).map(({ type }) => type))
    .filter((type) => arrived.has(type))
    .sort();

/** Path and content of all files of the project, but git's own. */
const filesOf = ({ project }: CrashStage): (readonly [string, string])[] =>
  readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(project, '.git/')))
    .map((path) => [path.slice(project.length), readFileSync(path, 'utf8')] as const)
    .sort(([a], [b]) => a.localeCompare(b));

/** What the runtime keeps in the repository, by kind: ids are others in each run, and a turn that was stopped may have got as far as its checkpoint. */
const keptRefs = ({ project }: CrashStage): string[] =>
  gitIn(project, 'for-each-ref', '--format=%(refname)', 'refs/muster', 'refs/heads')
    .split('\n')
    .filter((ref) => !ref.startsWith('refs/muster/checkpoints/turn-'))
    .map((ref) => ref.split('/').slice(0, 3).join('/'))
    .sort();

beforeAll(async () => {
  const started = performance.now();
  await Promise.all(plots.map(async (plot) => told.set(plot, await tell(plot))));
  const kills = [...told.values()].flatMap(({ played }) => played.map(({ killed }) => killed)).reduce((sum, each) => sum + each, 0);
  process.stdout.write(`${kills} kills in ${Math.round((performance.now() - started) / 1000)} s\n`);
}, 300_000);

afterAll(() => {
  if (process.env['MUSTER_KEEP'] !== '1') stages.forEach((stage) => stage.remove());
});

describe.each(plots)('$name', (plot) => {
  it('is killed once at each place of each of its effects, and finished', () => {
    const { wanted, played } = toldOf(plot);
    expect([...new Set(wanted.map(effectOf))].sort()).toEqual([...plot.effects].sort());
    const places = played.flatMap((each) => each.places.map((place) => (place ? keyOf(place) : 'by somebody else')));
    expect(places.sort()).toEqual(wanted.map(keyOf).sort());
    for (const { last } of played) expectFinished(last);
  });

  it('loses no record, commit or finished turn by a kill', () => {
    const { stage, played } = toldOf(plot);
    expect(played.flatMap(({ lost }) => lost)).toEqual([]);
    expectRightJournal(stage.workspace);
  });

  it('arrives once, and as without the kills', async () => {
    const { quiet, stage } = toldOf(plot);
    expect(arrivals(stage)).toEqual(arrivals(quiet));
    expect(filesOf(stage)).toEqual(filesOf(quiet));
    const audit = await auditWorkspace({ workspaceDir: stage.workspace, rerun: false, clock: new SystemClock() });
    expect(audit).toMatchObject({ findings: [], receipts: plot.receipts });
    expect((await standingIn(stage.workspace)).state.problems).toEqual({});
  });

  it.runIf(plot.isRepository)('moved the target once for each commit, to the same trees, and is all that git holds', () => {
    const { quiet, stage } = toldOf(plot);
    const landed = landedOn(stage.project);
    const plain = (all: typeof landed): object[] => all.map(({ subject, tree }) => ({ subject, tree }));
    expect(plain(landed)).toEqual(plain(landedOn(quiet.project)));
    expect(reflogOf(stage.project)).toEqual(landed.map(({ commit }) => commit));
    expect(gitIn(stage.project, 'status', '--porcelain')).toBe('');
    expect(() => gitIn(stage.project, 'fsck', '--full', '--strict', '--no-dangling')).not.toThrow();
    for (const { project } of [quiet, stage])
      expect(gitIn(project, 'worktree', 'list', '--porcelain').match(/^worktree .*$/gm)).toEqual([`worktree ${project}`]);
    expect(keptRefs(stage)).toEqual(keptRefs(quiet));
  });

  it('leaves no process, no half-written file and no worktree', () => {
    const { quiet, stage } = toldOf(plot);
    for (const each of [quiet, stage]) {
      expect(livingOf(each)).toEqual([]);
      expect(leftFiles(each)).toEqual([]);
      expect(worktreeFiles(each)).toEqual([]);
    }
  });

  it('has nothing left to do', async () => {
    const { stage } = toldOf(plot);
    const again = await stage.playToTheEnd();
    expect(placesIn(again.lines)).toEqual([]);
  });
});
