import { untilTrue } from '../fixtures/living-processes.js';
import type { CrashEnd, CrashStage } from './crash-stage.js';
import type { KillSource, Reached } from './kill-schedule.js';
import type { Standing } from './kill-watch.js';
import { lostSince, nothingYet, standingIn } from './kill-watch.js';
import { livingOf } from './left-behind.js';

/** What a kill from outside counts as, which comes wherever the run happens to be. */
export const byTheClock = 'by the clock';

/** What the kills did to one sprint, counted where it arrived. */
export interface Played {
  readonly stage: CrashStage;
  /** Where each killed run ended, in order; null: by the clock. */
  readonly places: readonly (Reached | null)[];
  /** By the point that a run ended at. */
  readonly kills: ReadonlyMap<string, number>;
  readonly killed: number;
  readonly runs: number;
  readonly lost: readonly string[];
  readonly starts: readonly string[];
  readonly startsInterrupted: number;
  readonly restartMs: readonly number[];
  readonly last: CrashEnd;
}

function openTurns(lines: CrashEnd['lines']): number {
  const open = new Set<string>();
  for (const line of lines) if (line.t === 'reached' && line.point === 'run-turn:before') open.add(line.instance);
  for (const line of lines) if (line.t === 'reached' && line.point === 'run-turn:told') open.delete(line.instance);
  return open.size;
}

/**
 * Whether a process is more than a namespace that was being made: bubblewrap ties its child to its own life only after it has started it,
 * and a kill in between leaves that child waiting. It runs nothing of anybody's, and the next start ends it by its mark.
 */
const hasBegun = (living: string): boolean => !/^\d+ \S*bwrap /.test(living);

/** Plays to the end, killing each run but the last on the way as it is told, and looks after each run at what is still there. */
export async function playWithKills(stage: CrashStage, source: KillSource, before: Standing = nothingYet): Promise<Played> {
  const places: (Reached | null)[] = [];
  const kills = new Map<string, number>();
  const lost: string[] = [];
  const starts: string[] = [];
  const restartMs: number[] = [];
  let standing = before;
  let startsInterrupted = 0;
  for (let runs = 1; ; runs += 1) {
    const next = source.next();
    const run = stage.play(next.plan);
    const timer = next.afterMs === null ? null : setTimeout(() => run.kill('SIGKILL'), next.afterMs);
    const end = await run.end;
    if (timer) clearTimeout(timer);
    starts.push(...end.lines.flatMap((line) => (line.t === 'started' ? [line.turnId] : [])));
    restartMs.push(...end.lines.flatMap((line) => (line.t === 'working' ? [line.ms] : [])));
    const after = await standingIn(stage.workspace);
    const place = end.lines.flatMap((line) => (line.t === 'killed' ? [line] : [])).at(-1) ?? null;
    lost.push(...lostSince(standing, after, end.lines).map((what) => `After run ${runs}, killed at ${JSON.stringify(place)}: ${what}`));
    standing = after;
    const killed = places.length;
    if (end.signal !== 'SIGKILL') return { stage, places, kills, killed, runs, lost, starts, startsInterrupted, restartMs, last: end };
    source.killedAt(place);
    places.push(place && { point: place.point, instance: place.instance });
    const point = place?.point ?? byTheClock;
    kills.set(point, (kills.get(point) ?? 0) + 1);
    startsInterrupted += openTurns(end.lines);
    await untilTrue(() => livingOf(stage).filter(hasBegun).length === 0, 2_000);
  }
}
