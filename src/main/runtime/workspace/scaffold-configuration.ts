import type { RunnerId } from '../../../shared/domain/configuration.js';
import type { ProjectGuess } from './project-guess.js';

/** What the fresh `team_runtime.yaml` is filled in with. */
export interface FreshConfiguration {
  /** As it is to be written, relative to the workspace; null: left out. */
  readonly project: string | null;
  readonly branch: string | null;
  readonly guess: ProjectGuess;
  readonly runner: RunnerId;
  readonly rehearsal: string | null;
  readonly isDiscordOn: boolean;
}

/** The template with its `{{…}}` filled in, comments saying what was guessed and how. */
export function freshConfiguration(template: string, facts: FreshConfiguration): string {
  const values: Readonly<Record<string, string>> = {
    project:
      facts.project === null
        ? ''
        : `\nproject: ${JSON.stringify(facts.project)}                   # the git repository that the team changes, seen from here\n`,
    git: gitBlock(facts),
    verify: verifyBlock(facts.guess),
    runner: facts.runner,
    rehearsal: facts.rehearsal === null ? '' : `rehearsal: ${JSON.stringify(facts.rehearsal)}\n`,
    discord: String(facts.isDiscordOn),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

const flow = (command: readonly string[]): string => `[${command.map((word) => JSON.stringify(word)).join(', ')}]`;
const comments = (indent: string, reasons: readonly string[]): string[] =>
  reasons.map((reason) => `${indent}# ${reason.replace(/\s+/g, ' ')}`);

function gitBlock({ branch, guess }: FreshConfiguration): string {
  const target =
    branch === null
      ? '  # target: main              # default: the branch that is checked out when the sprint starts'
      : `  target: ${JSON.stringify(branch)}              # the branch that was checked out when this file was written`;
  const setup =
    guess.setup.length === 0
      ? ['    # setup: [[npm, ci]]        # makes a fresh checkout ready; nothing was found, and it is looked up again at each start']
      : [...comments('    ', guess.setupReasons), `    setup: [${guess.setup.map(flow).join(', ')}]`];
  return [
    'git:',
    '  isolation: worktree           # in_place: work in the project folder itself, one todo at a time',
    '  integrate: on_completion      # on_approval: the work waits on its own branch until somebody approves it',
    target,
    '  worktree:',
    ...setup,
    '    copy: []                    # files that git does not know and a checkout needs',
    '    timeout_seconds: 600',
    "  # identity: { name: Your Team, email: team@example.org } # who commits; without it git's own user.name and user.email",
    "  hooks: { run: true, timeout_seconds: 300 } # the project's own pre-commit and commit-msg hooks, run where they can harm nothing",
  ].join('\n');
}

function verifyBlock({ verify, verifyReasons }: ProjectGuess): string {
  const head = '# What proves a todo: run by the runtime itself in a clean checkout, without network unless network: true.';
  if (verify.length === 0) {
    return [
      head,
      '# Nothing was found. It is looked up again at each start; until there is a command, results are "not verified".',
      '# verify:',
      '#   - { name: tests, command: [npm, test], timeout_seconds: 600 }',
    ].join('\n');
  }
  const commands = verify.map(
    ({ name, command, timeoutSeconds }) =>
      `  - { name: ${JSON.stringify(name)}, command: ${flow(command)}, timeout_seconds: ${timeoutSeconds} }`,
  );
  return [head, ...comments('', verifyReasons), 'verify:', ...commands].join('\n');
}
