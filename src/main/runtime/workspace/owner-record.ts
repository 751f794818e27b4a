import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { protocolVersion } from '../../../shared/contract/host-views.js';
import { packageVersion } from '../platform/package-version.js';
import { codeOf } from './file-problem.js';

/** Who owns a workspace, as `owner.json` says it. */
export interface OwnerRecord {
  /** Where the owner answers, e.g. `http://127.0.0.1:4312`; null until it listens. Never a token. */
  readonly address: string | null;
  readonly host: string;
  /** Changes with each start of the machine. */
  readonly bootId: string;
  readonly pid: number;
  /** Linux: field 22 of /proc/PID/stat, in clock ticks since boot; empty elsewhere. */
  readonly startTime: string;
  readonly epoch: number;
  /** Version of the Muster that owns it; empty in records of those that did not say. */
  readonly version: string;
  /** What it speaks with clients (`protocolVersion`); 0 in records of those that did not say. */
  readonly protocol: number;
}

/** Path of the record below `.teams_runtime`. */
export const ownerRecordPath = (dir: string): string => join(dir, 'owner.json');

/** What `owner.json` below `.teams_runtime` says; null when it is missing or not a record. It says nothing about who is alive. */
export async function readOwner(dir: string): Promise<OwnerRecord | null> {
  try {
    return parseOwner(await readFile(ownerRecordPath(dir), 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Parses the content of `owner.json`; null when it is not such a record. */
export function parseOwner(text: string): OwnerRecord | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { address, host, bootId, pid, startTime, epoch, version, protocol } = value as Readonly<Record<string, unknown>>;
  if (typeof host !== 'string' || typeof bootId !== 'string' || typeof startTime !== 'string') return null;
  if (typeof pid !== 'number' || !Number.isSafeInteger(epoch)) return null;
  return {
    ...{ host, bootId, pid, startTime, epoch: epoch as number },
    address: typeof address === 'string' ? address : null,
    version: typeof version === 'string' ? version : '',
    protocol: typeof protocol === 'number' ? protocol : 0,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The record of this very process. */
export function ownRecord(address: string | null, epoch: number): OwnerRecord {
  const startTime = processStat(process.pid)?.startTime ?? '';
  const says = { version: packageVersion(), protocol: protocolVersion };
  return { address, host: hostname(), bootId: bootId(), pid: process.pid, startTime, epoch, ...says };
}

/** `running`, or `stopped` for a process that was halted by a signal; `gone` when exactly this process is not there. */
export function ownerState(owner: Pick<OwnerRecord, 'host' | 'bootId' | 'pid' | 'startTime'>): 'running' | 'stopped' | 'gone' {
  if (owner.host !== hostname()) return 'running';
  const stat = processStat(owner.pid);
  if (stat === null) return process.platform === 'linux' ? 'gone' : 'running';
  if (stat.startTime !== owner.startTime || owner.bootId !== bootId()) return 'gone';
  return stat.state === 'T' || stat.state === 't' ? 'stopped' : 'running';
}

/** State letter and start time of a process; the name in brackets may itself hold brackets and spaces (proc(5)). */
function processStat(pid: number): { readonly state: string; readonly startTime: string } | null {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

const bootId = (): string => readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ESRCH: the process ended between opening and reading.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
