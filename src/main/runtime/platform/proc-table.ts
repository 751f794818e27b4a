import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One process as the system lists it. Zombies are left out: they run nothing. */
export interface ProcEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not say. */
  readonly session: number;
  /** Linux: field 22 of /proc/PID/stat; elsewhere what `ps` prints as start time. */
  readonly startTime: string;
}

/** The system's processes. Reading never throws for a process that ends meanwhile. */
export interface ProcTable {
  /** All of them, and what `tagged` says, of one moment. */
  survey(tags: ReadonlySet<string>): Promise<{ readonly list: readonly ProcEntry[]; readonly tagged: readonly number[] }>;
  /** null when it does not run. */
  find(pid: number): Promise<ProcEntry | null>;
  /** Pids with this table's owner and one of the tags in the environment they were started with. */
  tagged(tags: ReadonlySet<string>): Promise<readonly number[]>;
  /** Whether this pid was started with that tag for this table's owner; true where the system does not show it (Windows). */
  carries(pid: number, tag: string): Promise<boolean>;
  /** Another value after each boot of the machine. */
  bootId(): Promise<string>;
}

/** Name of the environment variable that says what a process was started for. */
export const processTagVariable = 'MUSTER_PROCESS_TAG';

/** Name of the one that says for which ledger: two workspaces may use the same tags at the same time. */
export const processOwnerVariable = 'MUSTER_PROCESS_OWNER';

const run = promisify(execFile);

/** `pid (name) state ppid pgrp session ...`; the name may hold spaces and brackets, so the fields count from the last bracket. */
export function parseStat(stat: string): ProcEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const startTime = fields[19];
  if (state === undefined || startTime === undefined || state === 'Z' || state === 'X') return null;
  return { pid: Number.parseInt(stat, 10), parent: Number(parent), group: Number(group), session: Number(session), startTime };
}

let page = Buffer.allocUnsafe(64 * 1024);

/**
 * Bytes of a file of /proc, good until the next call; null when it ended, or belongs to somebody else. Read at once into one buffer:
 * such files have no size to be told, so that the library would take 64 KiB for each of some hundred processes.
 */
function readProc(path: string): Buffer | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    for (let length = 0; ;) {
      if (length === page.length) page = Buffer.concat([page, Buffer.allocUnsafe(page.length)]);
      const read = readSync(file, page, length, page.length - length, null);
      if (read === 0) return page.subarray(0, length);
      length += read;
    }
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** So many processes are looked at before everything else has its turn. */
const AT_ONCE = 64;

/** What `look` says of each process. */
async function eachProcess<T>(look: (pid: number) => T | null): Promise<T[]> {
  const found: T[] = [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const [at, pid] of pids.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const value = look(pid);
    if (value !== null) found.push(value);
  }
  return found;
}

const entryOf = (pid: number): ProcEntry | null => {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(stat.toString('latin1'));
};

/** null: it has none, belongs to another owner, or has ended. */
function tagOf(pid: number, owner: string): string | null {
  const environment = readProc(`/proc/${pid}/environ`);
  if (environment?.includes(processOwnerVariable) !== true) return null;
  const lines = environment.toString('latin1').split('\0');
  if (!lines.includes(`${processOwnerVariable}=${owner}`)) return null;
  const line = lines.find((entry) => entry.startsWith(`${processTagVariable}=`));
  return line === undefined ? null : Buffer.from(line.slice(processTagVariable.length + 1), 'latin1').toString('utf8');
}

/** The parent of all threads of the kernel, which have no environment and are many; null in a namespace that does not show them. */
function kernelParent(): number | null {
  const stat = readProc('/proc/2/stat')?.toString('latin1') ?? '';
  return stat.startsWith('2 (kthreadd) ') && parseStat(stat)?.parent === 0 ? 2 : null;
}

/** Reads /proc. The only table that is tested on a real system. */
function createLinuxTable(owner: string): ProcTable {
  return {
    find: (pid) => Promise.resolve(entryOf(pid)),
    async survey(tags) {
      const tagged: number[] = [];
      const kernel = kernelParent();
      const list = await eachProcess((pid) => {
        const entry = entryOf(pid);
        const tag = entry === null || entry.parent === kernel ? null : tagOf(pid, owner);
        if (tag !== null && tags.has(tag)) tagged.push(pid);
        return entry;
      });
      return { list, tagged };
    },
    async tagged(tags) {
      const isTagged = (pid: number): boolean => {
        const tag = tagOf(pid, owner);
        return tag !== null && tags.has(tag);
      };
      return eachProcess((pid) => (isTagged(pid) && entryOf(pid) !== null ? pid : null));
    },
    carries: (pid, tag) => Promise.resolve(tagOf(pid, owner) === tag),
    bootId: async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
  };
}

/** `pid ppid pgid state Wed Mar  4 09:00:00 2026` lines of `ps -axo pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(output: string): readonly ProcEntry[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null || match[4]?.startsWith('Z') === true) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), group: Number(match[3]), session: 0, startTime: match[5] ?? '' }];
  });
}

/** Asks `ps`, as on macOS. Written from its manual and not tried on a Mac; programs of the system hide their environment there. */
function createPsTable(owner: string): ProcTable {
  const list = async (): Promise<readonly ProcEntry[]> =>
    parsePs((await run('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], { env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' } })).stdout);
  const tagged = async (tags: ReadonlySet<string>): Promise<readonly number[]> => {
    const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,command='], { env: { PATH: '/bin:/usr/bin' }, maxBuffer: 64 << 20 });
    return stdout.split('\n').flatMap((line) => {
      const tag = new RegExp(` ${processTagVariable}=(\\S+)`).exec(line)?.[1];
      return tag !== undefined && tags.has(tag) && line.includes(` ${processOwnerVariable}=${owner}`) ? [Number.parseInt(line, 10)] : [];
    });
  };
  return {
    survey: async (tags) => ({ list: await list(), tagged: await tagged(tags) }),
    find: async (pid) => (await list()).find((entry) => entry.pid === pid) ?? null,
    tagged,
    carries: async (pid, tag) => (await tagged(new Set([tag]))).includes(pid),
    bootId: async () => (await run('sysctl', ['-n', 'kern.boottime'], { env: { PATH: '/usr/sbin:/sbin' } })).stdout.trim(),
  };
}

/** Windows has neither; pids are asked by PowerShell, and the environment of others is closed to us. Not tried on Windows. */
function createWindowsTable(): ProcTable {
  const ask = async (script: string): Promise<string> => (await run('powershell.exe', ['-NoProfile', '-Command', script])).stdout;
  const list = async (): Promise<readonly ProcEntry[]> => {
    const text = await ask('Get-CimInstance Win32_Process | % { "$($_.ProcessId) $($_.ParentProcessId) 0 R $($_.CreationDate.Ticks)" }');
    return parsePs(text);
  };
  return {
    survey: async () => ({ list: await list(), tagged: [] }),
    find: async (pid) => (await list()).find((entry) => entry.pid === pid) ?? null,
    tagged: () => Promise.resolve([]),
    carries: () => Promise.resolve(true),
    bootId: async () => (await ask('(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.Ticks')).trim(),
  };
}

/** The table of this system, which knows the processes of one owner: /proc on Linux, `ps` on other Unixes, PowerShell on Windows. */
export function createProcTable(owner: string, platform: NodeJS.Platform = process.platform): ProcTable {
  if (platform === 'linux') return createLinuxTable(owner);
  return platform === 'win32' ? createWindowsTable() : createPsTable(owner);
}
