import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ExecutingFields } from '../../../shared/domain/configuration.js';
import { runnerIds } from '../../../shared/domain/configuration.js';
import type { Instant } from '../../../shared/kernel/time.js';
import type { Clock } from '../ports/clock.js';
import { durableReplace } from './durable-replace.js';
import type { WorkspaceState } from './state-folder.js';

/** What a person accepted for a workspace. */
export interface TrustRecord {
  /** Real path of the workspace that it was given for. */
  readonly workspace: string;
  /** Of the executing fields, see `trustHash`. */
  readonly sha256: string;
  readonly fields: ExecutingFields;
  readonly grantedAt: Instant;
}

/** Whether what the configuration would run has been accepted. `reasons` are sentences, at least one. */
export type TrustState =
  | { readonly kind: 'trusted'; readonly sha256: string }
  | { readonly kind: 'restricted'; readonly sha256: string; readonly reasons: readonly string[] };

const command = z.array(z.string());
const recordSchema = z.object({
  version: z.literal(1),
  workspace: z.string(),
  sha256: z.string(),
  grantedAt: z.string(),
  fields: z.object({
    project: z.string().nullable(),
    isolation: z.enum(['worktree', 'in_place']),
    setup: z.array(command),
    copy: z.array(z.string()),
    verify: z.array(z.object({ name: z.string(), command, timeoutSeconds: z.number(), network: z.boolean() })),
    actions: z.record(
      z.string(),
      z.object({
        command,
        lifecycle: z.enum(['foreground', 'managed']),
        domain: z.string(),
        allowedParams: z.array(z.string()),
        network: z.boolean(),
        timeoutSeconds: z.number(),
      }),
    ),
    runners: z.record(z.string(), z.object({ runner: z.enum(runnerIds), network: z.boolean() })),
    defaultRunner: z.enum(runnerIds),
    rehearsal: z.string().nullable(),
    hooksPath: z.string().exactOptional(),
  }),
});

/** SHA-256 of the fields, whatever the order of their names; lower-case hex. */
export const trustHash = (fields: ExecutingFields): string => createHash('sha256').update(canonical(fields)).digest('hex');

/** Compares what would run with what was accepted. A record that cannot be read counts as none, and is said. Never throws. */
export async function readTrust(state: WorkspaceState, fields: ExecutingFields): Promise<TrustState> {
  const sha256 = trustHash(fields);
  const record = await readRecord(state.trust);
  if (typeof record === 'string') return { kind: 'restricted', sha256, reasons: [record] };
  if (record === null || record.workspace !== state.workspace) {
    return {
      kind: 'restricted',
      sha256,
      reasons: [`Nobody has trusted the workspace ${state.workspace} yet.`],
    };
  }
  if (record.sha256 === sha256 && trustHash(record.fields) === sha256) return { kind: 'trusted', sha256 };
  const changes = trustDifference(record.fields, fields);
  return {
    kind: 'restricted',
    sha256,
    reasons: changes.length > 0 ? changes : [`${state.trust} does not fit its own hash, so it counts for nothing.`],
  };
}

/** Where in the checkout a person accepted that git hooks are; null: nowhere. Never throws. */
export async function trustedHooksPath(state: WorkspaceState): Promise<string | null> {
  const record = await readRecord(state.trust);
  if (record === null || typeof record === 'string' || record.workspace !== state.workspace) return null;
  return trustHash(record.fields) === record.sha256 ? (record.fields.hooksPath ?? null) : null;
}

/** Accepts what the fields say, for this workspace's real path and this user alone. Throws a `FileWriteError`. */
export async function grantTrust(state: WorkspaceState, fields: ExecutingFields, clock: Clock): Promise<TrustRecord> {
  const record: TrustRecord = { workspace: state.workspace, sha256: trustHash(fields), fields, grantedAt: clock.now() };
  await mkdir(dirname(state.trust), { recursive: true, mode: 0o700 });
  await durableReplace(state.trust, `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`, { clock, mode: 0o600 });
  return record;
}

/** What would run otherwise than before: a sentence for each change, none when the two are equal. */
export function trustDifference(before: ExecutingFields, after: ExecutingFields): readonly string[] {
  return [
    ...valueChange('project', before.project, after.project),
    ...valueChange('git.isolation', before.isolation, after.isolation),
    ...valueChange('git.worktree.setup', before.setup, after.setup),
    ...valueChange('git.worktree.copy', before.copy, after.copy),
    ...entryChanges('verify', byName(before.verify), byName(after.verify)),
    ...orderChange(before, after),
    ...entryChanges('actions', before.actions, after.actions),
    ...valueChange('runner', before.defaultRunner, after.defaultRunner),
    ...entryChanges('role_defaults', before.runners, after.runners),
    ...valueChange('rehearsal', before.rehearsal, after.rehearsal),
    ...valueChange('core.hooksPath in the checkout', before.hooksPath ?? null, after.hooksPath ?? null),
  ];
}

type Entries = Readonly<Record<string, unknown>>;

const byName = (verify: ExecutingFields['verify']): Entries => Object.fromEntries(verify.map(({ name, ...rest }) => [name, rest]));

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );

const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const valueChange = (field: string, before: unknown, after: unknown): string[] =>
  isSame(before, after) ? [] : [`${field} was ${canonical(before)} and is now ${canonical(after)}.`];

function entryChanges(field: string, before: Entries, after: Entries): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [had, has] = [Object.hasOwn(before, name), Object.hasOwn(after, name)];
    if (had && has) return valueChange(`${field}.${name}`, before[name], after[name]);
    return has ? [`${field}.${name} is new: ${canonical(after[name])}.`] : [`${field}.${name} is gone; it was ${canonical(before[name])}.`];
  });
}

function orderChange(before: ExecutingFields, after: ExecutingFields): string[] {
  const [old, now] = [before.verify.map(({ name }) => name), after.verify.map(({ name }) => name)];
  return isSame([...old].sort(), [...now].sort()) && !isSame(old, now)
    ? [`verify ran in the order ${old.join(', ')} and would now run in the order ${now.join(', ')}.`]
    : [];
}

async function readRecord(path: string): Promise<TrustRecord | string | null> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success
      ? parsed.data
      : `Could not use ${path}: it is not a record of trust that this version knows, so it counts for nothing.`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    return `Could not read ${path}: ${error instanceof Error ? error.message : String(error)}. It counts for nothing.`;
  }
}
