import { findRole } from '../../../../shared/domain/roster.js';
import type { TurnInput } from '../../ports/runner.js';

const efforts = ['low', 'medium', 'high', 'xhigh', 'max'];
const tools = ['Bash', 'Edit', 'Write', 'Read', 'Glob', 'Grep', 'NotebookEdit'];
const networkTools = ['WebFetch', 'WebSearch'];

/** All below an absolute folder, as a pattern of Claude Code's permissions. */
const below = (tool: string, folder: string): string => `${tool}(/${folder}/**)`;

/** How one run of Claude Code is confined. Paths are absolute. */
export interface ClaudeRun {
  readonly resumeSessionId: string | null;
  readonly isJailed: boolean;
  readonly logins: readonly string[];
  /** What the turn may not see, and what of it all the same. */
  readonly hidden: readonly string[];
  readonly readable: readonly string[];
}

// Its own tools read without a shell: of a process they would read the key.
const neverRead = ['Read(//proc/**/environ)'];

/** In the jail nothing else is there; without it the turn's own folders are all that its tools read. */
const readsOf = ({ checkout, sessionDir }: TurnInput, isJailed: boolean): readonly string[] =>
  isJailed ? ['Read', 'Glob', 'Grep'] : [checkout, sessionDir].map((folder) => below('Read', folder));

/** What the role may do without asking; whatever is not here is refused, as nobody is there to be asked. */
function permissionsOf(input: TurnInput, { isJailed, logins }: ClaudeRun): Readonly<Record<string, unknown>> {
  const { facts, checkout, sessionDir, loadout } = input;
  const mayWrite = findRole(facts.role)?.mayWriteProject ?? false;
  return {
    defaultMode: 'dontAsk',
    disableBypassPermissionsMode: 'disable',
    allow: [
      'Bash',
      ...readsOf(input, isJailed),
      ...(mayWrite ? [below('Edit', checkout)] : []),
      below('Edit', sessionDir),
      ...(loadout.network ? networkTools : []),
      ...loadout.permissions.allow,
    ],
    deny: [...neverRead, ...logins.map((path) => `Read(/${path})`), ...loadout.permissions.deny, ...loadout.permissions.ask],
  };
}

/** Where commands cannot be jailed by Muster, Claude Code's own sandbox must do it, or they do not run. */
function ownSandbox({ checkout, sessionDir, loadout }: TurnInput, { hidden, readable }: ClaudeRun): Readonly<Record<string, unknown>> {
  return {
    enabled: true,
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    autoAllowBashIfSandboxed: true,
    filesystem: { allowWrite: [sessionDir], denyRead: hidden, allowRead: [checkout, sessionDir, ...readable] },
    network: { allowedDomains: loadout.network ? ['*'] : [], allowLocalBinding: false },
  };
}

/** The arguments of Claude Code for a turn; the prompt comes as one line of JSON from standard input, the checkout is the working directory. */
export function claudeArguments(input: TurnInput, run: ClaudeRun): readonly string[] {
  const settings = {
    permissions: permissionsOf(input, run),
    includeCoAuthoredBy: false,
    ...(run.isJailed ? {} : { sandbox: ownSandbox(input, run) }),
  };
  const available = [...tools, ...(input.loadout.network ? networkTools : [])];
  return [
    '--print',
    ...['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
    ...['--setting-sources', 'user', '--strict-mcp-config', '--disable-slash-commands'],
    ...['--permission-mode', 'dontAsk', '--settings', JSON.stringify(settings), '--tools', available.join(',')],
    ...['--add-dir', input.sessionDir],
    ...['--model', input.model],
    ...(efforts.includes(input.reasoning) ? ['--effort', input.reasoning] : []),
    ...(Object.keys(input.reportSchema).length > 0 ? ['--json-schema', JSON.stringify(input.reportSchema)] : []),
    ...(run.resumeSessionId === null ? [] : ['--resume', run.resumeSessionId]),
  ];
}

/** A prompt as Claude Code reads it with `--input-format stream-json`. */
export const claudePromptLine = (prompt: string): string =>
  `${JSON.stringify({ type: 'user', message: { role: 'user', content: [{ type: 'text', text: prompt }] } })}\n`;
