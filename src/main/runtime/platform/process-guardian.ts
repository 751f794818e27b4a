import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import type { Clock } from '../ports/clock.js';
import type { GuardedProcess, GuardedSpec, ProcessGuardian, ProcessIdentity } from '../ports/process-guardian.js';
import { endTree, isSameProcess, politeMs } from './end-tree.js';
import { findProgram } from './find-program.js';
import { superviseRun } from './guarded-run.js';
import type { Launcher } from './guardian-launch.js';
import { openGuardianLedger } from './guardian-ledger.js';
import type { GuardianLedger } from './guardian-ledger.js';
import { createNamespaceLauncher, namespaceArguments } from './guardian-namespace.js';
import { openGuardedOutput } from './guardian-output.js';
import { createWatchdogLauncher } from './guardian-watchdog.js';
import { nodeProgram } from './node-program.js';
import { createProcTable } from './proc-table.js';
import type { ProcTable } from './proc-table.js';
import { ProcessStartError } from './process-start-error.js';

interface Parts {
  readonly clock: Clock;
  readonly ledger: GuardianLedger;
  readonly table: ProcTable;
}

async function checkStart(spec: GuardedSpec): Promise<void> {
  const folder = await stat(spec.cwd).catch(() => null);
  if (folder?.isDirectory() !== true)
    throw new ProcessStartError(`Could not start ${spec.argv[0]}: its working folder ${spec.cwd} does not exist.`);
  if ((await findProgram(spec.argv[0], spec.cwd, spec.env)) === null) {
    throw new ProcessStartError(
      `Could not start ${spec.argv[0]}: there is no such program${spec.argv[0].includes('/') ? '' : ` on the PATH ${spec.env['PATH'] ?? '(empty)'}`}. Install it or correct the command.`,
    );
  }
}

async function startRun(parts: Parts, launcher: Launcher, spec: GuardedSpec): Promise<GuardedProcess> {
  await checkStart(spec);
  const output = await openGuardedOutput(spec).catch((error: unknown) => {
    throw new ProcessStartError(`Could not start ${spec.argv[0]}: its output cannot be kept in ${spec.stdoutFile} (${String(error)}).`);
  });
  try {
    const launch = await launcher(spec);
    const entry = await parts.table.find(launch.pid);
    if (entry === null)
      throw new ProcessStartError(
        `Could not start ${spec.argv[0]}: its guardian ended at once. Run \`muster doctor\` to see what is missing.`,
      );
    const identity: ProcessIdentity = { pid: launch.pid, startTime: entry.startTime, bootId: await parts.table.bootId(), tag: spec.tag };
    await parts.ledger.add(identity).catch(async (error: unknown) => {
      await endTree(parts.table, parts.clock, { roots: [identity], tags: new Set(), graceMs: 0 });
      throw new ProcessStartError(`Could not start ${spec.argv[0]}: it cannot be written into the process ledger (${String(error)}).`);
    });
    const run = superviseRun(parts, { spec, identity, launch, output });
    launch.go();
    return run;
  } catch (error) {
    await output.close();
    throw error;
  }
}

async function reapLedger(
  { clock, ledger, table }: Parts,
  isOurs: (identity: ProcessIdentity) => boolean,
): Promise<readonly ProcessIdentity[]> {
  const left = (await ledger.read()).filter((identity) => !isOurs(identity));
  const tags = new Set(left.map((identity) => identity.tag));
  const ended: ProcessIdentity[] = [];
  for (const identity of left) {
    const hasFamily = (await table.tagged(new Set([identity.tag]))).length > 0;
    if (hasFamily || (await isSameProcess(table, identity))) ended.push(identity);
  }
  if (ended.length > 0) await endTree(table, clock, { roots: ended, tags, graceMs: 0 });
  for (const identity of left) await ledger.remove(identity);
  return ended;
}

function assemble(kind: ProcessGuardian['kind'], launcher: Launcher, parts: Parts): ProcessGuardian {
  const runs = new Map<number, GuardedProcess>();
  const tags = new Set<string>();
  return {
    kind,
    async start(spec) {
      // The end of one is the end of all with its tag.
      if (tags.has(spec.tag))
        throw new ProcessStartError(`Could not start ${spec.argv[0]}: a process with the tag ${spec.tag} runs already. Wait for its end.`);
      tags.add(spec.tag);
      try {
        const run = await startRun(parts, launcher, spec);
        runs.set(run.identity.pid, run);
        void run.exit.then(() => tags.delete(spec.tag) && runs.delete(run.identity.pid));
        return run;
      } catch (error) {
        tags.delete(spec.tag);
        throw error;
      }
    },
    isAlive: (identity) => isSameProcess(parts.table, identity),
    async end(identity) {
      if (!(await isSameProcess(parts.table, identity))) return false;
      await endTree(parts.table, parts.clock, { roots: [identity], tags: new Set([identity.tag]), spare: identity.pid, graceMs: politeMs });
      await parts.ledger.remove(identity);
      return true;
    },
    reap: () => reapLedger(parts, (identity) => [...runs.values()].some((run) => run.identity.tag === identity.tag)),
    async stopAll() {
      await Promise.all([...runs.values()].map((run) => run.stop()));
    },
    running: () => [...runs.values()].map((run) => run.identity),
  };
}

/** Whether bubblewrap can really make a process namespace here (it may be installed and not allowed to). */
export function canMakeNamespaces(bwrapPath: string): Promise<boolean> {
  return new Promise((resolve) =>
    execFile(bwrapPath, [...namespaceArguments, '--', 'true'], { timeout: 10_000 }, (error) => resolve(error === null)),
  );
}

/**
 * Makes the guardian of this runtime: process namespaces where bubblewrap works, a watchdog program elsewhere. `ledgerDir` is
 * for one workspace and is made if missing; `bwrapPath` null means that there is none; `nodePath` runs the watchdog.
 */
export async function createProcessGuardian(options: {
  readonly ledgerDir: string;
  readonly clock: Clock;
  readonly bwrapPath: string | null;
  readonly nodePath?: string;
}): Promise<ProcessGuardian> {
  const ledger = await openGuardianLedger(options.ledgerDir);
  const owner = createHash('sha256')
    .update(await realpath(options.ledgerDir))
    .digest('hex')
    .slice(0, 16);
  const parts: Parts = { clock: options.clock, ledger, table: createProcTable(owner) };
  const { bwrapPath } = options;
  if (bwrapPath !== null && (await canMakeNamespaces(bwrapPath)))
    return assemble('namespace', createNamespaceLauncher(bwrapPath, owner), parts);
  return assemble('watchdog', createWatchdogLauncher(options.nodePath ?? nodeProgram(), owner), parts);
}
