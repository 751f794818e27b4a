import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesAsked } from '../../../src/main/cli/demo/demo-person.js';
import { turnLines } from '../../../src/main/cli/screens/show-card.js';
import { playDemo } from '../../../src/main/cli/demo/play-demo.js';
import type { DemoEnd, DemoOptions, DemoWatcher } from '../../../src/main/cli/demo/play-demo.js';
import { openGitRepository } from '../../../src/main/runtime/git/git-repository-adapter.js';
import { loadState } from '../../../src/main/runtime/load-state.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { auditReceipt } from '../../../src/main/runtime/receipts/audit.js';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { cardView } from '../../../src/main/runtime/views-card.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { State, Todo, Turn } from '../../../src/shared/domain/state.js';
import { landedOn } from '../../crash/project-history.js';
import { responsesUsage } from '../../fakes/fake-responses-server.js';
import { RehearsingModelServer } from '../../fakes/rehearsing-model-server.js';
import type { AskedTurn } from '../../fakes/rehearsing-model-server.js';
import { cachedCli, makeHome } from '../../fixtures/cli-cache.js';

const codex = await cachedCli('codex');
const limitMs = 5 * 60_000;
const sprintFile = 'crash-sprint.yaml';
const settings = [[['limits', 'parallel_todos'], 1]] as const;
const escapee = 'Know days';
const reopened = 'Carry rounded units over';

let folder = '';
let home = '';
let model: RehearsingModelServer;
let played: DemoEnd;
let rehearsed: DemoEnd;
let state: State;
const stateHomeBefore = process.env['MUSTER_STATE_HOME'];

const silent: DemoWatcher = {
  opened: () => undefined,
  changed: () => undefined,
  said: () => undefined,
  needsPerson: ({ halt }) => Promise.reject(new Error(halt?.reason ?? 'The sprint waits for a person.')),
};

async function rehearsalsAt(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  await cp(join(import.meta.dirname, '../../../resources/rehearsals'), dir, { recursive: true });
  await cp(join(import.meta.dirname, '../../crash/fixtures', sprintFile), join(dir, sprintFile));
  return join(dir, sprintFile);
}

const play = (dir: string, more: Partial<DemoOptions>): Promise<DemoEnd> =>
  playDemo({ dir, headless: true, speed: 0, rehearsal: 'crash-sprint', settings, ...more }, silent);

/** Places outside of the checkout that a turn may not write to. */
const forbidden = (): readonly string[] => [
  join(folder, 'codex/project/escaped.txt'),
  join(folder, 'codex/workspace/escaped.txt'),
  join('/tmp', `muster-sprint-escape-${process.pid}`),
];

beforeAll(async () => {
  if (codex.kind !== 'ready') return;
  folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-codex-')));
  home = makeHome();
  process.env['MUSTER_STATE_HOME'] = join(folder, 'state');
  const escape = forbidden().map((path) => `touch ${path} && echo "wrote ${path}"`);
  model = await RehearsingModelServer.start(await rehearsalsAt(join(folder, 'rehearsals')), [
    { isMeant: ({ step, subject }) => step === 'developer_build' && subject === escapee, command: `${escape.join('; ')}; echo tried` },
  ]);
  const seams: DemoOptions['seams'] = {
    codex: (options) => ({ ...options, codexPath: codex.path, homeDir: join(home, 'codex'), extraConfig: model.config }),
  };
  await rehearsalsAt(join(folder, 'rehearsed/workspace/rehearsals'));
  [rehearsed, played] = await Promise.all([play(join(folder, 'rehearsed'), {}), play(join(folder, 'codex'), { runner: 'codex', seams })]);
  state = (await loadState(played.place.workspace)).state;
}, limitMs);

afterAll(async () => {
  if (stateHomeBefore === undefined) delete process.env['MUSTER_STATE_HOME'];
  else process.env['MUSTER_STATE_HOME'] = stateHomeBefore;
  if (codex.kind !== 'ready') return;
  await model.close();
  if (process.env['MUSTER_KEEP'] !== '1') for (const path of [folder, home]) await rm(path, { recursive: true, force: true });
});

/** The first question of each turn of a step. */
const firstOf = (step: string, subject: string, revision = 1): AskedTurn[] =>
  model.asked.filter(
    ({ facts, outputs }) => facts.step === step && facts.subject === subject && facts.revision === revision && outputs.length === 0,
  );
const todoCalled = (title: string): Todo => {
  const found = Object.values(state.todos).find((todo) => todo.title === title);
  if (!found) throw new Error(`There is no todo "${title}".`);
  return found;
};
const tokensOf = ({ tokens }: Turn): number => tokens.input + tokens.output;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe.skipIf(codex.kind !== 'ready')('a sprint that the real codex runs from end to end', () => {
  it('is completed with every card approved, and the model was never asked what its rehearsal does not know', () => {
    expect(model.problems).toEqual([]);
    expect(played).toMatchObject({ isDone: true, reason: '', result: { status: 'completed' } });
    expect(played.result.todos.map(({ column }) => column)).toEqual(['approved', 'approved', 'approved', 'approved']);
  });

  it('lands the same commits with the same files as the rehearsal of it', () => {
    const seen = landedOn(played.place.project).map(({ subject, tree }) => ({ subject, tree }));
    expect(seen).toEqual(landedOn(rehearsed.place.project).map(({ subject, tree }) => ({ subject, tree })));
    expect(seen).toHaveLength(6);
  });

  it('has a verified receipt for each revision, which git and the kept outputs bear out', async () => {
    const receipts = Object.values(state.todos).flatMap(({ revisions }) => revisions.map(({ receipt }) => receipt));
    expect(receipts.map((receipt) => receipt?.badge)).toEqual(['verified', 'verified', 'verified', 'verified', 'verified']);
    const clock = new SystemClock();
    const { project, workspace } = played.place;
    const git = openGitRepository({ projectPath: project, clock, emptyHooksDir: join(folder, 'no-hooks') });
    const blobs = new FileBlobStore({ dir: workspaceLayout(workspace).runtime.blobs, clock });
    for (const receipt of receipts) expect(receipt && (await auditReceipt(receipt, { git, blobs }))).toEqual([]);
  });

  it('tells each role in its prompt who it is, which step it is at and what must be true in the end', () => {
    const headings = { planner: 'Planner', architect: 'Architect', developer: 'Developer', qa: 'QA' } as Readonly<Record<string, string>>;
    for (const { facts, prompt } of model.asked) {
      expect(prompt).toMatch(new RegExp(`^# ${headings[facts.role]}$`, 'm'));
      expect(prompt).toContain(`tep ${facts.step}, visit ${facts.visit}. You are the ${facts.member}.`);
      if (facts.scope === 'todo') for (const criterion of todoCalled(facts.subject).acceptanceCriteria) expect(prompt).toContain(criterion);
    }
    expect(new Set(model.asked.map(({ facts }) => facts.role))).toEqual(new Set(Object.keys(headings)));
  });

  it('hands on what the person who asked for changes wrote, and what QA found', () => {
    const [revision] = firstOf('developer_revision', changesAsked.title, 2);
    expect(revision?.prompt).toMatch(new RegExp(`<<<(\\S+) said by the reviewer\\n${changesAsked.comment.replaceAll('.', '\\.')}\n\\1>>>`));
    const [mending] = firstOf('developer_revision', reopened);
    expect(mending?.prompt).toMatch(/^qa decision: fail\nfindings:\n- Only seconds are carried/m);
  });

  it('refuses a turn every write outside of its checkout and its session folder', () => {
    const output = model.asked
      .filter(({ facts, outputs }) => facts.subject === escapee && facts.step === 'developer_build' && outputs.length === 1)
      .map(({ outputs }) => outputs.join('\n'))
      .join('\n');
    expect(output).toContain('tried');
    expect(output).not.toContain('wrote');
    for (const path of forbidden()) {
      expect(output).toMatch(new RegExp(`touch: .*${path}.*: (Read-only file system|Permission denied)`));
      expect(existsSync(path)).toBe(false);
    }
  });

  it('records the tokens of every turn, and sums them on its card, its sprint and the day', () => {
    const turns = Object.values(state.turns);
    expect(turns.map(({ runner, isRehearsal, attempts }) => `${runner} ${isRehearsal} ${attempts}`)).toEqual(
      turns.map(() => 'codex false 1'),
    );
    for (const turn of turns) expect(turn.tokens.input).toBeGreaterThan(0);
    const perRequest = responsesUsage.input + responsesUsage.output;
    expect(sum(turns.map(tokensOf))).toBe(model.requests.length * perRequest);
    expect(state.spend.tokens).toBe(model.requests.length * perRequest);
    expect(Object.values(state.sprints).map(({ tokensSpent }) => tokensSpent)).toEqual([model.requests.length * perRequest]);
    for (const { todoId, tokensSpent } of Object.values(state.todos)) {
      const own = turns.filter(({ subject }) => subject.kind === 'todo' && subject.todoId === todoId);
      expect(tokensSpent).toBe(sum(own.map(tokensOf)));
    }
  });

  it('shows on the card who ran each turn, with which model, and what it cost', () => {
    const card = cardView(todoCalled(reopened), state, {
      actor: { kind: 'person', id: 'Ann', via: 'cli' },
      now: '2026-03-24T09:00:00.000Z',
    });
    const lines = turnLines(card.turns);
    expect(lines).toHaveLength(card.turns.length);
    for (const line of lines) expect(line).toMatch(/ {2}codex gpt-5\.\S+ +report +\d{3,} tokens\b/);
    expect(lines.find((line) => line.includes('developer build'))).toContain('codex gpt-5.3-codex-spark');
    const models = model.requests.map(({ body }) => String(body['model']));
    expect(new Set(Object.values(state.turns).map((turn) => turn.model))).toEqual(new Set(models));
  });

  it('goes on in the same conversation when QA sends a revision back to the one who built it', () => {
    const { todoId } = todoCalled(reopened);
    const building = Object.values(state.turns).filter(
      ({ role, subject }) => role === 'developer' && subject.kind === 'todo' && subject.todoId === todoId,
    );
    expect(building.map(({ step }) => step)).toEqual(['developer_build', 'developer_revision']);
    expect(new Set(building.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(firstOf('developer_revision', reopened)[0]?.callsInAll).toBeGreaterThan(0);
  });
});
