import type { Instant } from '../kernel/time.js';

/** A command that proves the work, fixed at the sprint's start. */
export interface CommandToVerify {
  readonly name: string;
  readonly argv: readonly string[];
}

/** What one command of `verify` did to the result, and on the base. Hashes are SHA-256 in hexadecimal. */
export interface ReceiptCommand extends CommandToVerify {
  /** Of the last try, by our own wait; signals are 128 + number. null: it could not run, or met a limit. */
  readonly exitCode: number | null;
  /** Why there is no exit code; a sentence, empty where there is one. */
  readonly problem: string;
  readonly durationMs: number;
  /** Of the output, which is kept as a blob; empty when the command could not run. */
  readonly outputHash: string;
  readonly outputBytes: number;
  /** How often it was tried again after a red result. */
  readonly retries: number;
  /** null: it could not run on the base, met a limit there, or there is no base. */
  readonly baseExitCode: number | null;
  readonly baseOutputHash: string;
  readonly baseOutputBytes: number;
  readonly jailed: boolean;
}

/** A git hook of the project that let the commit pass. */
export interface ReceiptHook {
  /** As git names it, e.g. `pre-commit`. */
  readonly name: string;
  readonly durationMs: number;
  /** Of the output, which is kept as a blob; SHA-256. */
  readonly outputHash: string;
  readonly outputBytes: number;
  readonly jailed: boolean;
  /** Files that it changed and the message, if it changed that: none of it is taken into the commit. Sorted paths. */
  readonly changedFiles: readonly string[];
  readonly hasChangedMessage: boolean;
}

/** What the project's own hooks had to do with a commit. */
export interface ReceiptHooks {
  /** Those that ran, in order; each let it pass. */
  readonly runs: readonly ReceiptHook[];
  /** Files of hooks in the checkout that the work itself changed or removed, sorted. */
  readonly changedByWork: readonly string[];
}

/** What a run of `verify` found, besides its commands. */
export interface VerificationFacts {
  readonly commands: readonly ReceiptCommand[];
  /** Changed or removed files that `verify.protect` covers, sorted. */
  readonly protectedChanges: readonly string[];
  /** Names of the commands that are red when changed test files are put back to their base version; null: no test file was changed. */
  readonly weakenedTests: { readonly files: readonly string[]; readonly redCommands: readonly string[] } | null;
  /** The person's own checkout was used instead of a worktree. */
  readonly isInPlace: boolean;
  /** False for a diff that changes nothing, and where there is no repository. */
  readonly hasCommit: boolean;
  /** Why a person let a red result pass; null: nobody did. */
  readonly override: { readonly by: string; readonly reason: string } | null;
  /** Left out where no hook ran and none was changed. */
  readonly hooks?: ReceiptHooks;
}

/** A person's word that a red result may pass. It is for these commands alone: what turns red later was not seen. */
export interface RedOverride {
  readonly by: string;
  readonly reason: string;
  /** Names of the commands that were red. */
  readonly commands: readonly string[];
}

/** The proof behind DONE: written by the runtime, never by an agent (rules 5). Plain JSON, safe on any wire. */
export interface Receipt extends VerificationFacts {
  readonly v: 1;
  readonly todoId: string;
  readonly revision: number;
  readonly time: Instant;
  /** `refs/heads/…` that the commit goes to; empty without a repository. */
  readonly target: string;
  /** Names of git objects; empty without a commit. */
  readonly base: string;
  readonly commit: string;
  readonly tree: string;
  readonly patchId: string;
  /** SHA-256 of the unified diff from base to commit, which is kept as a blob. */
  readonly diffHash: string;
  readonly closeoutId: string;
  /** The commit that this one undoes; left out where it is no revert. */
  readonly reverts?: string;
  /** SHA-256 of the commands as they stood at the sprint's start. */
  readonly verifyHash: string;
  readonly environmentHash: string;
  /** Files that a runner would obey and that the work added, changed or removed, sorted; left out where there are none. */
  readonly instructionChanges?: readonly string[];
  readonly badge: Badge;
  readonly gaps: readonly Gap[];
  /** SHA-256 over the canonical JSON of all the rest; an edited receipt does not match it. */
  readonly receiptHash: string;
}

/** What people read on the card. */
export type Badge = 'verified' | 'with_gaps' | 'not_verified';

/** Why a receipt says less than *verified*. */
export type Gap =
  | { readonly kind: 'no-command' }
  | { readonly kind: 'no-commit' }
  | { readonly kind: 'red'; readonly command: string; readonly exitCode: number | null }
  | { readonly kind: 'overridden'; readonly by: string; readonly reason: string }
  | { readonly kind: 'red-on-base-too'; readonly command: string }
  | { readonly kind: 'command-could-not-run'; readonly command: string; readonly problem: string }
  | { readonly kind: 'passed-on-retry'; readonly command: string; readonly retries: number }
  | { readonly kind: 'protected-paths-changed'; readonly paths: readonly string[] }
  | { readonly kind: 'weakened-tests-fail'; readonly files: readonly string[]; readonly commands: readonly string[] }
  | { readonly kind: 'identical-empty-output'; readonly command: string }
  | { readonly kind: 'no-jail'; readonly command: string }
  | {
      readonly kind: 'hook-changes-left-out';
      readonly hook: string;
      readonly files: readonly string[];
      readonly hasChangedMessage: boolean;
    }
  | { readonly kind: 'in-place' };

const neverVerified: ReadonlySet<Gap['kind']> = new Set(['no-command', 'no-commit', 'red', 'overridden']);

/** Red where the base was green, or where there is no result of the base to excuse it. */
function isRed(command: ReceiptCommand): boolean {
  if (command.exitCode === 0) return false;
  if (command.exitCode === null) return command.baseExitCode === 0;
  return command.baseExitCode === 0 || command.baseExitCode === null;
}

function gapsOf(command: ReceiptCommand): readonly Gap[] {
  const { name } = command;
  const gaps: Gap[] = [];
  if (isRed(command)) gaps.push({ kind: 'red', command: name, exitCode: command.exitCode });
  else if (command.exitCode === null) gaps.push({ kind: 'command-could-not-run', command: name, problem: command.problem });
  else if (command.exitCode !== 0) gaps.push({ kind: 'red-on-base-too', command: name });
  else if (command.retries > 0) gaps.push({ kind: 'passed-on-retry', command: name, retries: command.retries });
  const saysNothing = command.exitCode === 0 && command.baseExitCode === 0 && command.outputBytes === 0 && command.baseOutputBytes === 0;
  if (saysNothing) gaps.push({ kind: 'identical-empty-output', command: name });
  if (command.exitCode !== null && !command.jailed) gaps.push({ kind: 'no-jail', command: name });
  return gaps;
}

function gapsOfHook({ name, jailed, changedFiles, hasChangedMessage }: ReceiptHook): readonly Gap[] {
  const gaps: Gap[] = jailed ? [] : [{ kind: 'no-jail', command: `The git hook ${name}` }];
  if (changedFiles.length > 0 || hasChangedMessage)
    gaps.push({ kind: 'hook-changes-left-out', hook: name, files: changedFiles, hasChangedMessage });
  return gaps;
}

/** The badge of a run and every reason for it, by rules 5 to the letter. */
export function judgeReceipt(facts: VerificationFacts): { readonly badge: Badge; readonly gaps: readonly Gap[] } {
  const gaps: Gap[] = [];
  if (!facts.hasCommit) gaps.push({ kind: 'no-commit' });
  else if (facts.commands.length === 0) gaps.push({ kind: 'no-command' });
  gaps.push(...facts.commands.flatMap(gapsOf), ...(facts.hooks?.runs ?? []).flatMap(gapsOfHook));
  if (facts.override !== null) gaps.push({ kind: 'overridden', by: facts.override.by, reason: facts.override.reason });
  const protectedChanges = [...new Set([...facts.protectedChanges, ...(facts.hooks?.changedByWork ?? [])])].sort();
  if (protectedChanges.length > 0) gaps.push({ kind: 'protected-paths-changed', paths: protectedChanges });
  const weakened = facts.weakenedTests;
  if (weakened !== null && weakened.redCommands.length > 0)
    gaps.push({ kind: 'weakened-tests-fail', files: weakened.files, commands: weakened.redCommands });
  if (facts.isInPlace) gaps.push({ kind: 'in-place' });
  if (gaps.length === 0) return { badge: 'verified', gaps };
  return { badge: gaps.some((gap) => neverVerified.has(gap.kind)) ? 'not_verified' : 'with_gaps', gaps };
}

/** Names of the commands that are red where the base was green; any of them is a reopen of category verification. */
export const redCommands = (facts: Pick<VerificationFacts, 'commands'>): readonly string[] =>
  facts.commands.filter(isRed).map((command) => command.name);

/** Whether the work may be integrated: nothing is red that was green, or a person let it pass. */
export const isGreen = (facts: Pick<VerificationFacts, 'commands' | 'override'>): boolean =>
  facts.override !== null || redCommands(facts).length === 0;

/** What a receipt says of a person's word on a run: nothing where none is red, or more than was seen. */
export function overrideOf(facts: Pick<VerificationFacts, 'commands'>, given: RedOverride | null): VerificationFacts['override'] {
  const red = redCommands(facts);
  if (given === null || red.length === 0 || !red.every((name) => given.commands.includes(name))) return null;
  return { by: given.by, reason: given.reason };
}

/** The commands that did not end with 0, with their exit codes, as people read them. */
export const redText = ({ commands }: Pick<VerificationFacts, 'commands'>): string =>
  commands
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ name, exitCode }) => `${name} (exit ${exitCode ?? 'none'})`)
    .join(', ');

const list = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** A gap as people read it. */
export function describeGap(gap: Gap): string {
  switch (gap.kind) {
    case 'no-command':
      return 'No verification command is configured.';
    case 'no-commit':
      return 'There is no commit, or it changes nothing.';
    case 'red':
      return gap.exitCode === null
        ? `${gap.command} did not finish, and the base passes it.`
        : `${gap.command} failed with exit code ${gap.exitCode}, and nothing shows that the base fails it too.`;
    case 'overridden':
      return `${gap.by} let a red result pass: ${gap.reason}`;
    case 'red-on-base-too':
      return `${gap.command} fails, and failed on the base too.`;
    case 'command-could-not-run':
      return `${gap.command} could not run: ${gap.problem}`;
    case 'passed-on-retry':
      return `${gap.command} passed only when tried again (${gap.retries}).`;
    case 'protected-paths-changed':
      return `Protected files changed: ${list(gap.paths)}.`;
    case 'weakened-tests-fail':
      return `${list(gap.commands)} is red with the tests as they were before: ${list(gap.files)}.`;
    case 'identical-empty-output':
      return `${gap.command} says nothing, neither here nor on the base.`;
    case 'no-jail':
      return `${gap.command} ran without a jail.`;
    case 'hook-changes-left-out': {
      const what = [...(gap.hasChangedMessage ? ['the message'] : []), ...(gap.files.length > 0 ? [list(gap.files)] : [])];
      return `The git hook ${gap.hook} changed ${what.join(' and ')}, which the commit does not take.`;
    }
    case 'in-place':
      return "It ran in the person's own checkout.";
  }
}
