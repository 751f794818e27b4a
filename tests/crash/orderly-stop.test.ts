import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { untilTrue } from '../fixtures/living-processes.js';
import type { CrashEnd, CrashRun } from './crash-stage.js';
import { CrashStage } from './crash-stage.js';
import { lostSince, standingIn } from './kill-watch.js';
import { leftFiles, livingOf } from './left-behind.js';

let stage: CrashStage;

beforeEach(async () => {
  // Turns of some seconds, so that the signal meets one in the middle.
  stage = new CrashStage({ parallelTodos: 2, speed: 20 });
  await stage.make();
});
afterEach(() => stage.remove());

describe.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of a turn', (signal) => {
  async function endedBySignal(run: CrashRun): Promise<CrashEnd> {
    const asked = performance.now();
    run.kill(signal);
    const end = await run.end;
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect([end.code, end.signal]).toEqual([3, null]);
    expect(livingOf(stage)).toEqual([]);
    expect(leftFiles(stage)).toEqual([]);
    return end;
  }

  test('ends everything within two seconds, keeps what was accepted, and the next run goes on with the turn', async () => {
    const run = stage.play();
    await untilTrue(() => stage.hasReached('run-turn:between', 'after session'), 30_000);
    expect(livingOf(stage)).not.toEqual([]);
    const stopped = await endedBySignal(run);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      isDone: false,
      reason: `Stopped by ${signal}. Run the same command again to go on from here.`,
    });
    const standing = await standingIn(stage.workspace);
    expect(lostSince({ seq: 0, commits: [], turns: [] }, standing, stopped.lines)).toEqual([]);
    const [interrupted] = Object.values(standing.state.turns);
    expect(interrupted).toMatchObject({ status: 'running', attempts: 1, failures: [] });

    stage.setSpeed(0);
    const goingOn = stage.play();
    await untilTrue(() => stage.hasReached('run-turn:told', 'the sprint milestone_refinement 1 work'), 30_000);
    await endedBySignal(goingOn);
    const { state } = await standingIn(stage.workspace);
    expect(state.turns[interrupted?.turnId ?? '']).toMatchObject({ status: 'ended', outcome: 'report', attempts: 2, failures: [] });
  });
});
