import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Runner, TurnInput } from '../../../src/main/runtime/ports/runner.js';
import { makeSprintGround, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

let ground: SprintGround;
afterEach(() => ground.dispose());

/** What a turn finds: kept as its runner is started, as the folder is filled anew for the next one. */
interface Found {
  readonly input: TurnInput;
  readonly files: readonly string[];
  readonly links: readonly string[];
  readonly context: string;
}

async function lookAround(input: TurnInput): Promise<Found> {
  const entries = await readdir(input.sessionDir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const links: string[] = [];
  for (const path of paths) if ((await lstat(path)).isSymbolicLink()) links.push(path);
  const files = paths.map((path) => path.slice(input.sessionDir.length + 1)).sort();
  return { input, files, links, context: await readFile(join(input.sessionDir, 'workspace_context.md'), 'utf8') };
}

const watching = (runner: Runner, found: Found[]): Runner => ({
  ...runner,
  run: async (input, onEvent, signal) => {
    found.push(await lookAround(input));
    return runner.run(input, onEvent, signal);
  },
});

const ofTheRole = ['AGENTS.md', 'GEMINI.md', 'history.md', 'journal.md', 'todo.md', 'workspace_manifest.json', 'sources/README.md'];
const ofTheTeam = ['COMMIT_POLICY.md', 'communication_protocol.md', 'file_contracts.md', 'docs/house.md', 'workspace_context.md'];
const pages = ['backlog.md', 'current_sprint.md', 'planning.md', 'decision_log.md', 'shared_history.md', 'sync_contract.md'];

it("gives a turn copies of its role's folder and of the team's documents, and names its skills", async () => {
  ground = await makeSprintGround({ todos: [{ title: 'Add numbers', developer: {} }], files: { 'a.txt': 'a\n' }, verify: {} });
  const { workspace } = ground;
  await mkdir(join(workspace, 'docs'));
  await writeFile(join(workspace, 'docs', 'house.md'), 'Sums are small.');
  await symlink('/etc/hostname', join(workspace, 'planner', 'sources', 'elsewhere'));
  const linked = join(workspace, 'planner', '.agents', 'skills', 'linked');
  await mkdir(linked);
  await symlink('/etc/hostname', join(linked, 'SKILL.md'));
  const found: Found[] = [];
  const runtime = await ground.open({ seams: { runner: (runner) => watching(runner, found) } });
  await ground.begin(runtime);
  await waitFor(runtime, () => found.some(({ input }) => input.facts.role === 'architect'));
  await runtime.stop();
  const planner = found.find(({ input }) => input.facts.role === 'planner');
  const architect = found.find(({ input }) => input.facts.role === 'architect');
  const names = ['backlog_decomposition', 'backlog_management', 'documentation', 'sprint_planning'];
  const skills = names.map((name) => `.agents/skills/${name}/SKILL.md`);
  const shared = pages.map((name) => `shared_workspace/${name}`);
  expect(planner?.files).toEqual(expect.arrayContaining([...ofTheRole, ...ofTheTeam, ...skills, ...shared]));
  expect(planner?.input.loadout.skills).toEqual(names);
  expect(planner?.input.prompt).toContain(`Your skills are in ${planner?.input.sessionDir ?? ''}/.agents/skills`);
  expect(planner?.context).toContain('- sources: what your role was given as files\n- .agents: the skills of your role');
  expect(planner?.context).toContain('Not copied:\n\n- sources/elsewhere is a link\n- .agents/skills/linked/SKILL.md is a link\n');
  expect(architect?.files).toEqual(expect.arrayContaining([...ofTheRole, ...ofTheTeam]));
  expect(architect?.input.loadout.skills).toEqual([]);
  expect(architect?.context).not.toContain('skills');
  expect(found.flatMap(({ links }) => links)).toEqual([]);
  expect(found.flatMap(({ files }) => files).filter((file) => file.startsWith('.teams_runtime') || file.startsWith('workspace/'))).toEqual(
    [],
  );
});

it('fills a folder for the next session of a role while a turn runs, and takes it', async () => {
  const todos = ['Add numbers', 'Take numbers away'].map((title) => ({ title, developer: {} }));
  ground = await makeSprintGround({ todos, files: { 'a.txt': 'a\n' }, verify: {} });
  const placed: { readonly role: string; readonly ahead: number; readonly own: number }[] = [];
  const inode = async (...parts: readonly string[]): Promise<number> => (await lstat(join(...parts, 'AGENTS.md'))).ino;
  const runner = (real: Runner): Runner => ({
    ...real,
    run: async (input, onEvent, signal) => {
      const { role, scope } = input.facts;
      const ahead = role === 'architect' ? await inode(ground.workspace, '.teams_runtime', 'spare_sessions', 'planner') : 0;
      if (scope === 'todo') placed.push({ role, ahead, own: await inode(input.sessionDir) });
      return real.run(input, onEvent, signal);
    },
  });
  const runtime = await ground.open({ seams: { runner } });
  await ground.begin(runtime);
  await waitFor(runtime, () => placed.filter(({ role }) => role === 'planner').length === 2);
  await runtime.stop();
  const { ahead } = placed.find(({ role }) => role === 'architect') ?? {};
  expect(placed.filter(({ role }) => role === 'planner')[1]?.own).toBe(ahead);
});
