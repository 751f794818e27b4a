import { rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resumeText } from '../../src/main/runtime/roles/compose-prompt.js';
import type { TurnFacts } from '../../src/main/runtime/ports/runner.js';
import type { State } from '../../src/shared/domain/state.js';
import { responsesUsage } from '../fakes/fake-responses-server.js';
import { codexConfigFor } from '../fakes/fake-responses-server.js';
import { codexDialect } from '../fakes/model-dialects.js';
import { RehearsingModelServer } from '../fakes/rehearsing-model-server.js';
import type { AskedTurn } from '../fakes/rehearsing-model-server.js';
import { sum } from '../fixtures/agent-sprint.js';
import { cachedCli, makeHome } from '../fixtures/cli-cache.js';
import { CrashStage, endOf } from './crash-stage.js';
import { EachOnce, keyOf, placesIn } from './kill-schedule.js';
import type { Reached } from './kill-schedule.js';
import { standingIn, turnNames } from './kill-watch.js';
import { leftFiles, livingOf } from './left-behind.js';
import { playWithKills } from './play-with-kills.js';
import type { Played } from './play-with-kills.js';
import { landedOn, reflogOf } from './project-history.js';
import { SeededChance } from './seeded-chance.js';

const codex = await cachedCli('codex');
const seed = Number(process.env['MUSTER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const limitMs = 6 * 60_000;

/** One kill each: in the middle of turns, after the agent's last word, and between the halves of other effects. */
const kinds: readonly ((place: Reached) => boolean)[] = [
  ({ point, instance }) => point === 'run-turn:between' && /developer_build .*, after session$/.test(instance),
  ({ point, instance }) => point === 'run-turn:between' && /developer_build .*, after command$/.test(instance),
  ({ point, instance }) => point === 'run-turn:between' && /developer_revision .*, after command$/.test(instance),
  ({ point, instance }) => point === 'run-turn:between' && /qa_validation .*, on command$/.test(instance),
  ({ point, instance }) => point === 'run-turn:between' && instance.endsWith(', after the runner'),
  ({ point }) => ['commit:between', 'integrate:between', 'verify:after', 'gather-evidence:after'].includes(point),
];

const stages: CrashStage[] = [];
let home = '';
let model: RehearsingModelServer;
let quiet: CrashStage;
let stage: CrashStage;
let played: Played;
let killedAt: readonly Reached[];
let state: State;

async function staged(options: ConstructorParameters<typeof CrashStage>[0]): Promise<CrashStage> {
  const made = new CrashStage(options);
  stages.push(made);
  await made.make();
  return made;
}

beforeAll(async () => {
  if (codex.kind !== 'ready') return;
  home = makeHome();
  quiet = await staged({ parallelTodos: 1 });
  // The same sprint without codex and without kills; that an undisturbed codex lands the same is tests/integration/codex.
  const places = placesIn((await quiet.playToTheEnd()).lines);
  const chance = new SeededChance(seed);
  const targets = kinds.reduce<Reached[]>((chosen, isMeant) => {
    const turnOf = ({ instance }: Reached): string | undefined => instance.split(',')[0];
    const open = places.filter((place) => isMeant(place) && !chosen.some((other) => turnOf(other) === turnOf(place)));
    return [...chosen, chance.pick(open)];
  }, []);
  const rehearsals = join(home, 'rehearsals');
  await mkdir(rehearsals, { recursive: true });
  await cp(join(import.meta.dirname, '../../resources/rehearsals'), rehearsals, { recursive: true });
  await cp(join(import.meta.dirname, 'fixtures/crash-sprint.yaml'), join(rehearsals, 'crash-sprint.yaml'));
  model = await RehearsingModelServer.start(join(rehearsals, 'crash-sprint.yaml'), codexDialect);
  stage = await staged({
    parallelTodos: 1,
    codex: { codexPath: codex.path, homeDir: join(home, 'codex'), extraConfig: codexConfigFor(model.origin) },
  });
  const started = performance.now();
  played = await playWithKills(stage, new EachOnce(targets));
  killedAt = played.places.filter((place) => place !== null);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`codex, seed ${seed}: killed in ${seconds} s at\n${killedAt.map((place) => `  ${keyOf(place)}\n`).join('')}`);
  state = (await standingIn(stage.workspace)).state;
}, limitMs);

afterAll(async () => {
  if (codex.kind !== 'ready') return;
  await model.close();
  if (process.env['MUSTER_KEEP'] === '1') return;
  stages.forEach((made) => made.remove());
  rmSync(home, { recursive: true, force: true });
});

/** A turn as the places of the crash test name it. */
const nameOf = ({ scope, subject, revision, step, visit }: TurnFacts): string =>
  `${scope === 'todo' ? `${subject} r${revision}` : `the ${scope}`} ${step} ${visit} work`;
const askedIn = ({ instance }: Reached): AskedTurn[] => model.asked.filter(({ facts }) => nameOf(facts) === instance.split(',')[0]);

describe.skipIf(codex.kind !== 'ready')(`a sprint of the real codex that is killed six times (seed ${seed})`, () => {
  it('is finished, and no kill took away a record, a commit or a finished turn', () => {
    expect(model.problems).toEqual([]);
    expect(endOf(played.last).isDone).toBe(true);
    expect(killedAt).toHaveLength(kinds.length);
    expect(played.lost).toEqual([]);
  });

  it('lands what an undisturbed sprint lands, once, after the same turns', async () => {
    const landed = landedOn(stage.project);
    const plain = (all: typeof landed): object[] => all.map(({ subject, tree }) => ({ subject, tree }));
    expect(plain(landed)).toEqual(plain(landedOn(quiet.project)));
    expect(reflogOf(stage.project)).toEqual(landed.map(({ commit }) => commit));
    expect(turnNames(state)).toEqual(turnNames((await standingIn(quiet.workspace)).state));
  });

  it('leaves no process and no half-written file', () => {
    expect(livingOf(stage)).toEqual([]);
    expect(leftFiles(stage)).toEqual([]);
  });

  it('goes on in the conversation that was interrupted, which holds the task and what the agent had done', () => {
    const inTheMiddle = killedAt.filter(({ instance }) => / command$/.test(instance));
    expect(inTheMiddle).toHaveLength(3);
    for (const place of inTheMiddle) {
      const asked = askedIn(place);
      const [resumed] = asked.filter(({ isResumed }) => isResumed);
      expect(resumed, place.instance).toMatchObject({ outputs: [], thread: asked[0]?.thread });
      expect(resumed?.callsInAll).toBeGreaterThan(0);
    }
  });

  it('gives a turn whose conversation was not kept its whole task again', () => {
    const early = killedAt.filter(({ instance }) => instance.endsWith(', after session'));
    for (const place of early) {
      const told = askedIn(place).some(({ isResumed, prompt }) => isResumed || prompt.includes(resumeText));
      expect(told, place.instance).toBe(true);
    }
  });

  it('counts the tokens of interrupted attempts, but for an answer that was under way', () => {
    const perReply = responsesUsage.input + responsesUsage.output;
    const counted = sum(Object.values(state.sprints).map(({ tokensSpent }) => tokensSpent)) / perReply;
    expect(counted).toBeLessThanOrEqual(model.requests.length);
    expect(counted).toBeGreaterThanOrEqual(model.requests.length - played.killed);
    for (const turn of Object.values(state.turns)) expect(turn).toMatchObject({ runner: 'codex', status: 'ended', failures: [] });
  });
});
