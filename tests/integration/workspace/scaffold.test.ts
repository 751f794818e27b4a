import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { loadConfiguration } from '../../../src/main/runtime/workspace/configuration.js';
import { checkDiscordForRuntime, loadDiscordConfiguration } from '../../../src/main/runtime/workspace/discord-configuration.js';
import { findWorkspace, projectRoot } from '../../../src/main/runtime/workspace/find-workspace.js';
import { readRolePrompts, resourcesFolder } from '../../../src/main/runtime/workspace/role-prompts.js';
import type { InitReport } from '../../../src/main/runtime/workspace/scaffold.js';
import { initWorkspace } from '../../../src/main/runtime/workspace/scaffold.js';

const run = promisify(execFile);
const clock = new SystemClock();
let dir: string;
let project: string;
let workspace: string;

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'muster-scaffold-')));
  project = join(dir, 'app');
  workspace = join(project, 'teams_generated');
  await mkdir(project);
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const git = async (cwd: string, ...args: string[]): Promise<string> =>
  (await run('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args], { cwd })).stdout;

async function init(options: { project?: string | null; workspaceDir?: string; resources?: string } = {}): Promise<InitReport> {
  const result = await initWorkspace({ workspaceDir: workspace, project, clock, ...options });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

const inWorkspace = (path: string): string => join(workspace, path);
const read = (path: string): Promise<string> => readFile(inWorkspace(path), 'utf8');

describe('init', () => {
  it('makes all 94 files of the reference layout, and the step prompts beside the roles', async () => {
    const report = await init();
    const roleFiles = ['AGENTS.md', 'GEMINI.md', 'history.md', 'journal.md', 'sources/README.md', 'todo.md', 'workspace_manifest.json'];
    const folders = [
      'orchestrator',
      'planner',
      'designer',
      'architect',
      'developer',
      'qa',
      'internal/parser',
      'internal/sourcer',
      'internal/version_controller',
    ];
    const reference = [
      'README.md',
      'team_runtime.yaml',
      'discord_agents_config.yaml',
      'communication_protocol.md',
      'file_contracts.md',
      'COMMIT_POLICY.md',
      '.agents/skills/teams-runtime/SKILL.md',
      '.agents/skills/teams-runtime/agents/openai.yaml',
      '.agents/skills/teams-runtime/scripts/collect_runtime_snapshot.py',
      ...folders.flatMap((folder) => roleFiles.map((file) => `${folder}/${file}`)),
      ...['sprint_orchestration', 'agent_utilization', 'handoff_merging', 'status_reporting', 'sprint_closeout'].map(
        (skill) => `orchestrator/.agents/skills/${skill}/SKILL.md`,
      ),
      'orchestrator/.agents/skills/agent_utilization/policy.yaml',
      ...['documentation', 'backlog_management', 'backlog_decomposition', 'sprint_planning'].map(
        (skill) => `planner/.agents/skills/${skill}/SKILL.md`,
      ),
      'internal/version_controller/.agents/skills/version_controller/SKILL.md',
      ...[
        'README',
        'project_schedule',
        'backlog',
        'completed_backlog',
        'current_sprint',
        'sprints/README',
        'sprint_history/index',
        'planning',
        'decision_log',
        'shared_history',
        'sync_contract',
      ].map((name) => `shared_workspace/${name}.md`),
    ];
    const made = await filesBelow(workspace);
    expect(reference).toHaveLength(94);
    expect(made.filter((file) => !/(^|\/)prompts\//.test(file) && file !== '.teams_runtime/scaffold.json')).toEqual([...reference].sort());
    expect(made.filter((file) => /(^|\/)prompts\//.test(file))).toContain('planner/prompts/milestone_refinement.md');
    expect(report.created).toHaveLength(made.length - 1);
    expect(report.problems).toEqual([]);
  });

  it('writes a configuration that loads without a warning, and placeholders that a start refuses', async () => {
    await init();
    const loaded = await loadConfiguration(workspace);
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.warnings).toEqual([]);
    expect(loaded.value.configuration.project).toBe('..');
    expect(loaded.value.configuration.roleDefaults['developer']).toEqual({
      model: 'gpt-5.3-codex-spark',
      reasoning: 'xhigh',
      runner: 'codex',
      network: false,
    });
    expect((await loadDiscordConfiguration(workspace, {})).ok).toBe(true);
    const refused = await checkDiscordForRuntime({ workspaceDir: workspace, env: {}, isEnabled: true, role: null });
    expect(refused.ok ? [] : refused.error.fields.map(({ keys }) => keys.join('.'))).toHaveLength(10);
  });

  it('guesses branch, setup and verification, writes them down with the reason, and tells them', async () => {
    await git(project, 'init', '-q', '-b', 'trunk');
    await writeFile(join(project, 'package.json'), '{"scripts":{"test":"node --test"},"dependencies":{"a":"1"}}');
    await writeFile(join(project, 'package-lock.json'), '{}');
    const report = await init();
    expect(report.guess.verifyReasons).toEqual(['Verification: `npm test`, because package.json has a test script, `node --test`.']);
    const loaded = await loadConfiguration(workspace);
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.lookedUp).toEqual([]);
    expect(loaded.value.configuration.git).toMatchObject({ target: 'trunk', worktree: { setup: [['npm', 'ci']] } });
    expect(loaded.value.configuration.verify).toEqual([{ name: 'tests', command: ['npm', 'test'], timeoutSeconds: 600, network: false }]);
    expect(await read('team_runtime.yaml')).toContain(
      '    # Setup: `npm ci`, because there is a package-lock.json.\n    setup: [["npm", "ci"]]\n',
    );
  });

  it('keeps every existing file, the broken configuration of a person included', async () => {
    await mkdir(inWorkspace('planner'), { recursive: true });
    await writeFile(inWorkspace('team_runtime.yaml'), 'mine: [');
    await writeFile(inWorkspace('planner/history.md'), 'long history');
    await writeFile(inWorkspace('planner/AGENTS.md'), 'a prompt of my own');
    const report = await init();
    expect(await read('team_runtime.yaml')).toBe('mine: [');
    expect(await read('planner/history.md')).toBe('long history');
    expect(await read('planner/AGENTS.md')).toBe('a prompt of my own');
    expect(await read('planner/AGENTS.md.new')).toContain('# Planner');
    expect(report.isConfigurationNew).toBe(false);
    expect(report.offered).toEqual(['planner/AGENTS.md']);
    expect(report.kept).toEqual(['team_runtime.yaml', 'planner/history.md']);
  });

  it('a second run changes nothing', async () => {
    await init();
    const before = await filesBelow(workspace);
    const report = await init();
    expect(report).toMatchObject({ created: [], refreshed: [], offered: [], failed: [] });
    expect(await filesBelow(workspace)).toEqual(before);
  });

  it('a newer prompt replaces an untouched one, and is put beside a changed one once', async () => {
    await init();
    await writeFile(inWorkspace('qa/AGENTS.md'), 'ours now');
    const newer = join(dir, 'resources');
    await cp(resourcesFolder(), newer, { recursive: true });
    await writeFile(join(newer, 'prompts', 'qa', 'role.md'), '---\nversion: 2\n---\n# QA, newer\n');
    const report = await init({ resources: newer });
    expect(report.refreshed).toEqual(['qa/GEMINI.md']);
    expect(report.offered).toEqual(['qa/AGENTS.md']);
    expect(await read('qa/GEMINI.md')).toContain('# QA, newer');
    expect(await read('qa/AGENTS.md')).toBe('ours now');
    expect(await read('qa/AGENTS.md.new')).toContain('# QA, newer');
    await rm(inWorkspace('qa/AGENTS.md.new'));
    expect((await init({ resources: newer })).offered).toEqual([]);
    expect(await filesBelow(workspace)).not.toContain('qa/AGENTS.md.new');
  });

  it('does not write through a planted link, and says so', async () => {
    await mkdir(workspace);
    await mkdir(join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), inWorkspace('qa'));
    const report = await init();
    expect(await readdir(join(dir, 'elsewhere'))).toEqual([]);
    expect(report.failed).toContain('qa/AGENTS.md');
    expect(report.problems[0]).toBe(
      `Could not write ${inWorkspace('qa/AGENTS.md')}: ${inWorkspace('qa')} is a symbolic link. Remove the link and try again.`,
    );
  });

  it('refuses a project that is not there', async () => {
    const missing = join(dir, 'nothing');
    expect(await initWorkspace({ workspaceDir: join(missing, 'teams_generated'), project: missing, clock })).toEqual({
      ok: false,
      error: `Could not make a workspace for ${missing}: there is no such folder. Make it, or name another one.`,
    });
    await expect(stat(missing)).rejects.toThrow('ENOENT');
  });
});

describe('hiding the workspace from git', () => {
  it('git does not show it, once, and nothing that is committed changes', async () => {
    await git(project, 'init', '-q');
    const report = await init();
    expect(report.exclude).toEqual({
      kind: 'added',
      message: `Added /teams_generated/ to ${join(project, '.git', 'info', 'exclude')}, so that git does not show the workspace. Nothing that is committed changed.`,
    });
    expect(await git(project, 'status', '--porcelain')).toBe('');
    expect((await init()).exclude.kind).toBe('already-there');
    expect(
      (await readFile(join(project, '.git', 'info', 'exclude'), 'utf8')).split('\n').filter((line) => line === '/teams_generated/'),
    ).toHaveLength(1);
  });

  it('works in a folder of a linked worktree whose name has special characters', async () => {
    await git(project, 'init', '-q');
    await git(project, 'commit', '-q', '--allow-empty', '-m', 'first');
    const linked = join(dir, 'linked');
    await git(project, 'worktree', 'add', '-q', '-b', 'side', linked);
    const inner = join(linked, 'odd [name]! #1');
    await mkdir(inner);
    const report = await init({ project: inner, workspaceDir: join(inner, 'teams_generated') });
    expect(report.branch).toBe('side');
    expect(report.exclude.kind).toBe('added');
    expect(await git(linked, 'status', '--porcelain', '-uall')).toBe('');
  });

  it('needs nothing without a repository or outside of it', async () => {
    expect((await init()).exclude).toEqual({
      kind: 'not-needed',
      message: `${project} is not in a git repository, so there is nothing to hide the workspace from.`,
    });
    await git(project, 'init', '-q');
    const outside = await init({ workspaceDir: join(dir, 'team') });
    expect(outside.exclude).toEqual({
      kind: 'not-needed',
      message: `The workspace is not inside the repository ${project}, so git does not show it.`,
    });
    expect(await readFile(join(dir, 'team', 'team_runtime.yaml'), 'utf8')).toMatch(/^project: "\.\.\/app" /m);
  });
});

describe('finding workspace and project', () => {
  const make = async (path: string): Promise<void> => {
    await mkdir(path, { recursive: true });
    for (const name of ['team_runtime.yaml', 'discord_agents_config.yaml']) await writeFile(join(path, name), '');
  };

  it('takes the first of the four places, in order', async () => {
    const found = () => findWorkspace(dir, null);
    expect(found()).toEqual({ dir: join(dir, 'teams_generated'), isMade: false, by: 'default' });
    await make(join(dir, 'workspace', 'teams_generated'));
    expect(found()).toEqual({ dir: join(dir, 'workspace', 'teams_generated'), isMade: true, by: 'workspace/teams_generated' });
    await make(join(dir, 'teams_generated'));
    expect(found()).toEqual({ dir: join(dir, 'teams_generated'), isMade: true, by: 'teams_generated' });
    await writeFile(join(dir, 'team_runtime.yaml'), '');
    expect(found().by).toBe('teams_generated');
    await make(dir);
    expect(found()).toEqual({ dir, isMade: true, by: 'current-folder' });
    expect(findWorkspace(dir, 'app')).toEqual({ dir: project, isMade: false, by: 'named' });
  });

  it('the project is what the configuration says, else the parent of teams_generated, else the workspace', () => {
    expect(projectRoot(join(dir, 'teams_generated'), null)).toBe(dir);
    expect(projectRoot(join(dir, 'team'), null)).toBe(join(dir, 'team'));
    expect(projectRoot(join(dir, 'teams_generated'), '../other')).toBe(join(dir, 'other'));
  });
});

describe('prompts of a role', () => {
  it('come from the workspace, and from the shipped ones where it has none', async () => {
    await init();
    const shipped = await readRolePrompts(join(dir, 'nowhere'), 'qa', 'qa_validation');
    const scaffolded = await readRolePrompts(workspace, 'qa', 'qa_validation');
    expect(scaffolded.text).toBe(shipped.text);
    expect(scaffolded.version).toBe(shipped.version);
    expect(scaffolded.text).toContain('evidence_matrix');
    expect(scaffolded.text).not.toContain('version:');
    expect(scaffolded.sources).toEqual([
      { path: inWorkspace('qa/AGENTS.md'), from: 'workspace', version: 1 },
      { path: inWorkspace('qa/prompts/qa_validation.md'), from: 'workspace', version: 1 },
    ]);
    await writeFile(inWorkspace('qa/AGENTS.md'), 'Be strict.\n');
    await rm(inWorkspace('qa/prompts'), { recursive: true });
    const mixed = await readRolePrompts(workspace, 'qa', 'qa_validation');
    expect(mixed.text).toMatch(/^Be strict\.\n\n# Step: validate/);
    expect(mixed.version).not.toBe(shipped.version);
    expect(mixed.sources.map(({ from, version }) => [from, version])).toEqual([
      ['workspace', null],
      ['shipped', 1],
    ]);
  });

  it.each([
    [
      'planner',
      [
        'planner_draft',
        'planner_finalize',
        'milestone_refinement',
        'artifact_sync',
        'backlog_definition',
        'backlog_prioritization',
        'todo_finalization',
        'request_planning',
      ],
    ],
    ['designer', ['planner_advisory']],
    ['architect', ['planner_advisory', 'architect_guidance', 'architect_review']],
    ['developer', ['developer_build', 'developer_revision']],
    ['qa', ['qa_validation']],
    ['version_controller', ['closeout']],
    ['orchestrator', ['intake']],
    ['parser', ['classify']],
    ['sourcer', ['discovery']],
  ])('the %s has words for each of its steps', async (role, steps) => {
    for (const step of steps) {
      const { text, sources } = await readRolePrompts(dir, role, step);
      expect(sources).toHaveLength(2);
      expect(text).toContain('# Step: ');
      expect(text).toContain('End the turn with one JSON object');
    }
  });

  it('refuses a name that leads out of the folder', async () => {
    await expect(readRolePrompts(dir, '../qa', 'x')).rejects.toThrow('"../qa" is not the name of a role or step.');
  });
});
