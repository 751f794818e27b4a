import { findRole } from '../../../../shared/domain/roster.js';
import type { TurnInput } from '../../ports/runner.js';

const efforts = ['low', 'medium', 'high', 'xhigh', 'max'];
const tools = ['Bash', 'Edit', 'Write', 'Read', 'Glob', 'Grep', 'NotebookEdit'];
const networkTools = ['WebFetch', 'WebSearch'];

/** All below an absolute folder, as a pattern of Claude Code's permissions. */
const below = (tool: string, folder: string): string => `${tool}(/${folder}/**)`;

/** What the role may do without asking; whatever is not here is refused, as nobody is there to be asked. */
function permissionsOf({ facts, checkout, sessionDir, loadout }: TurnInput, logins: readonly string[]): Readonly<Record<string, unknown>> {
  const mayWrite = findRole(facts.role)?.mayWriteProject ?? false;
  return {
    defaultMode: 'dontAsk',
    disableBypassPermissionsMode: 'disable',
    allow: [
      ...['Bash', 'Read', 'Glob', 'Grep'],
      ...(mayWrite ? [below('Edit', checkout)] : []),
      below('Edit', sessionDir),
      ...(loadout.network ? networkTools : []),
      ...loadout.permissions.allow,
    ],
    deny: [...logins.map((path) => `Read(/${path})`), ...loadout.permissions.deny, ...loadout.permissions.ask],
  };
}

/** Where commands cannot be jailed by Muster, Claude Code's own sandbox must do it, or they do not run. */
function ownSandbox({ sessionDir, loadout }: TurnInput): Readonly<Record<string, unknown>> {
  return {
    enabled: true,
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    autoAllowBashIfSandboxed: true,
    filesystem: { allowWrite: [sessionDir] },
    network: { allowedDomains: loadout.network ? ['*'] : [], allowLocalBinding: false },
  };
}

/** The arguments of Claude Code for a turn; the prompt comes as one line of JSON from standard input, the checkout is the working directory. */
export function claudeArguments(
  input: TurnInput,
  run: { readonly resumeSessionId: string | null; readonly isJailed: boolean; readonly logins: readonly string[] },
): readonly string[] {
  const settings = {
    permissions: permissionsOf(input, run.logins),
    includeCoAuthoredBy: false,
    ...(run.isJailed ? {} : { sandbox: ownSandbox(input) }),
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
