import type { SessionRoom } from './session-folder.js';

/** Where a turn works. Paths are absolute. */
export interface SessionPlaces {
  readonly checkout: string;
  readonly sessionDir: string;
  /** Whether the role may change files of the checkout. */
  readonly mayWrite: boolean;
}

const uses: readonly (readonly [names: readonly string[], use: string])[] = [
  [['AGENTS.md', 'GEMINI.md'], 'who your role is; the same is in your prompt'],
  [['todo.md'], 'the open work of your role'],
  [['history.md', 'journal.md'], 'what your role did and noted'],
  [['sources'], 'what your role was given as files'],
  [['.agents'], 'the skills of your role, each a SKILL.md in a folder of its own below .agents/skills'],
  [['workspace_manifest.json'], 'what your role is for'],
  [['communication_protocol.md', 'file_contracts.md', 'COMMIT_POLICY.md'], 'what holds for the whole team'],
  [['docs'], "the workspace's own documents"],
  [['shared_workspace'], "the team's documents; what the planner changes or adds there is taken over when its turn ends"],
];

/** What `workspace_context.md` in a session's folder says: where a turn is, and which copy is for what. */
export function sessionContext({ checkout, sessionDir, mayWrite }: SessionPlaces, room: SessionRoom): string {
  const rows = uses.flatMap(([names, use]) => {
    const there = names.filter((name) => room.names.includes(name));
    return there.length === 0 ? [] : [`- ${there.join(', ')}: ${use}`];
  });
  const leftOut = room.leftOut.length === 0 ? [] : ['', 'Not copied:', '', ...room.leftOut.map((what) => `- ${what}`)];
  return [
    '# Where things are',
    '',
    `- checkout: ${checkout}${mayWrite ? '' : ' (read only for your role)'}; the project as your work is to be done on it, and your working directory`,
    `- this folder: ${sessionDir}; yours, and kept for the next turn of this session`,
    '',
    'What follows is in this folder as a copy, renewed before each turn. The workspace itself is out of reach: what you need of its records is in your prompt.',
    '',
    ...rows,
    ...leftOut,
    '',
  ].join('\n');
}
