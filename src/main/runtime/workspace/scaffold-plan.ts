import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { internalRoles, publicRoles } from '../../../shared/domain/configuration.js';
import { shippedRolePrompt } from './role-prompts.js';

/** One file that `init` sees to. */
export interface ScaffoldFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  /** `refreshed`: replaced by newer text while nobody changed it. `once`: never touched again. */
  readonly kind: 'once' | 'refreshed';
}

const headings: readonly [string, string][] = [
  ['README.md', '# What the team shares'],
  ['project_schedule.md', '# Schedule'],
  ['backlog.md', '# Backlog'],
  ['completed_backlog.md', '# Completed backlog'],
  ['current_sprint.md', '# Current sprint\n\nNo sprint is active.'],
  ['sprints/README.md', '# Sprints'],
  [
    'sprint_history/index.md',
    '# Sprint history\n\n| sprint_id | status | milestone | started_at | ended_at | todo_count | commit_sha |\n| --- | --- | --- | --- | --- | --- | --- |',
  ],
  ['planning.md', '# Planning'],
  ['decision_log.md', '# Decisions'],
  ['shared_history.md', '# History'],
  ['sync_contract.md', '# Keeping documents in step'],
];

const rootDocuments = [
  'README.md',
  'communication_protocol.md',
  'file_contracts.md',
  'COMMIT_POLICY.md',
  'discord_agents_config.yaml',
] as const;

const operatorSkill: readonly [string, string][] = [
  ['SKILL.md', 'SKILL.md'],
  ['openai.yaml', 'agents/openai.yaml'],
  ['collect_runtime_snapshot.py', 'scripts/collect_runtime_snapshot.py'],
];

const descriptions: Readonly<Record<string, string>> = {
  orchestrator: 'Takes requests, answers or hands them on, and says what became of them',
  planner: 'Turns requests and milestones into backlog items and specifications',
  designer: 'Advises on user flow, order of information and readability',
  architect: 'Guides the build and reviews it',
  developer: 'Builds and revises',
  qa: 'Validates against the acceptance criteria with evidence',
  parser: 'Classifies messages',
  sourcer: 'Finds candidates for the backlog',
  version_controller: 'Words commit messages',
};

const writesPlanning = ['orchestrator', 'planner', 'designer', 'architect'];
const writesDecisions = ['orchestrator', 'architect'];

/** Every file of a fresh workspace but `team_runtime.yaml` (sprint-runtime 1.2), and the step prompts beside the roles. */
export async function scaffoldPlan(resources: string): Promise<readonly ScaffoldFile[]> {
  const scaffold = join(resources, 'scaffold');
  const documents = await Promise.all(rootDocuments.map(async (name) => once(name, await readFile(join(scaffold, name), 'utf8'))));
  const operator = await Promise.all(
    operatorSkill.map(async ([from, to]) =>
      refreshed(`.agents/skills/teams-runtime/${to}`, await readFile(join(scaffold, 'operator-skill', from), 'utf8')),
    ),
  );
  const roles = [
    ...publicRoles.map((role) => ({ role, folder: role as string })),
    ...internalRoles.map((role) => ({ role, folder: `internal/${role}` })),
  ];
  const ofRoles = await Promise.all(roles.map(({ role, folder }) => roleFiles(resources, role, folder)));
  return [...documents, ...operator, ...ofRoles.flat(), ...headings.map(([name, text]) => once(`shared_workspace/${name}`, `${text}\n`))];
}

const once = (path: string, text: string): ScaffoldFile => ({ path, text, kind: 'once' });
const refreshed = (path: string, text: string): ScaffoldFile => ({ path, text, kind: 'refreshed' });

async function roleFiles(resources: string, role: string, folder: string): Promise<ScaffoldFile[]> {
  const prompt = await shippedRolePrompt(resources, role);
  if (prompt === null)
    throw new Error(
      `Could not make the files of ${role}: ${join(resources, 'prompts', role, 'role.md')} is missing. Install Muster again.`,
    );
  return [
    refreshed(`${folder}/AGENTS.md`, prompt),
    refreshed(`${folder}/GEMINI.md`, prompt),
    once(`${folder}/todo.md`, `# Open work of the ${role}\n`),
    once(`${folder}/history.md`, `# History of the ${role}\n`),
    once(`${folder}/journal.md`, `# Journal of the ${role}\n`),
    once(`${folder}/sources/README.md`, `# What the ${role} was given\n`),
    once(`${folder}/workspace_manifest.json`, manifestOf(role)),
    ...(await stepPrompts(resources, role, folder)),
    ...(await skillFiles(resources, role, folder)),
  ];
}

function manifestOf(role: string): string {
  const manifest = {
    agent: role,
    description: descriptions[role] ?? '',
    permissions: {
      write_private: true,
      write_shared_planning: writesPlanning.includes(role),
      write_shared_decisions: writesDecisions.includes(role),
      write_shared_history: true,
    },
    artifacts: { todo: 'todo.md', history: 'history.md', journal: 'journal.md', sources: 'sources' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function stepPrompts(resources: string, role: string, folder: string): Promise<ScaffoldFile[]> {
  const from = join(resources, 'prompts', role);
  const names = (await filesIn(from)).filter((name) => name !== 'role.md');
  return Promise.all(names.map(async (name) => refreshed(`${folder}/prompts/${name}`, await readFile(join(from, name), 'utf8'))));
}

// `name.md` is the skill's SKILL.md; `name.policy.yaml` is put beside it as policy.yaml.
async function skillFiles(resources: string, role: string, folder: string): Promise<ScaffoldFile[]> {
  const from = join(resources, 'scaffold', 'skills', role);
  return Promise.all(
    (await filesIn(from)).map(async (name) => {
      const [skill = name, ...rest] = name.split('.');
      const file = rest.length === 1 ? 'SKILL.md' : rest.join('.');
      return refreshed(`${folder}/.agents/skills/${skill}/${file}`, await readFile(join(from, name), 'utf8'));
    }),
  );
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
