import type { Clock } from '../ports/clock.js';
import type { GuardedExit, GuardedProcess, GuardedSpec, ProcessIdentity } from '../ports/process-guardian.js';
import { endTree, pause, politeMs, untilGone } from './end-tree.js';
import type { GuardianLedger } from './guardian-ledger.js';
import type { Launch } from './guardian-launch.js';
import type { GuardedOutput } from './guardian-output.js';
import type { ProcTable } from './proc-table.js';

/** When all that belongs to a process has ended, a stream that is open still is listened to as long as it says something within this time, */
const silentMs = 1_000;
/** and so many times. */
const listenAtMost = 10;

/** Feeds, times, measures and at the end clears away one process that has been written down and let go. */
export function superviseRun(
  parts: { readonly clock: Clock; readonly table: ProcTable; readonly ledger: GuardianLedger },
  run: { readonly spec: GuardedSpec; readonly identity: ProcessIdentity; readonly launch: Launch; readonly output: GuardedOutput },
): GuardedProcess {
  const { clock, table } = parts;
  const { identity, launch, output, spec } = run;
  const started = clock.monotonicMs();
  let reason: GuardedExit['reason'] = 'exited';
  let ending: Promise<boolean> | null = null;

  const end = (why: GuardedExit['reason']): Promise<boolean> => {
    if (ending === null) {
      reason = why;
      ending = endTree(table, clock, { roots: [identity], tags: new Set([identity.tag]), spare: identity.pid, graceMs: politeMs });
    }
    return ending;
  };

  // A program may close its input unread (EPIPE); that is its own affair.
  launch.stdin.on('error', () => undefined);
  launch.stdin.end(spec.stdin ?? '');
  const cancelLimit = clock.after(spec.timeoutMs, () => void end('timed-out'));
  let isCut = false;
  const collected = output.collect(launch.stdout, launch.stderr, () => void (isCut || end('output-limit')));

  // The streams have their turn after the clock: what waits there is heard before it counts as silence.
  const silence = (): Promise<void> => pause(clock, silentMs).then(() => new Promise((resolve) => setImmediate(resolve)));
  /** What has been said is kept, however long its file takes; only a stream that a stranger holds open is cut. */
  const lastWords = async (): Promise<void> => {
    let heard = -1;
    for (let times = 0; output.isWriting || (heard !== output.bytes && times < listenAtMost); times += 1) {
      heard = output.bytes;
      if (await Promise.race([collected.then(() => true), silence().then(() => false)])) return;
    }
    isCut = true;
    launch.stdout.destroy();
    launch.stderr.destroy();
    await collected;
  };

  const first = launch.firstPid?.then((pid) => (pid === null ? null : table.find(pid))) ?? Promise.resolve(null);

  const finish = async (): Promise<GuardedExit> => {
    const status = await launch.status;
    cancelLimit();
    const durationMs = clock.monotonicMs() - started;
    // Also after a good end: bubblewrap answers a moment before its namespace is cleared, and a wrapper may have been killed.
    await (ending ?? endTree(table, clock, { roots: [identity], tags: new Set([identity.tag]), graceMs: 0 }));
    // What cleared its environment and left the family is known only by this: the first process ends last.
    await untilGone(table, clock, await first);
    await lastWords();
    await output.close();
    await parts.ledger.remove(identity);
    return {
      reason,
      exitCode: status?.exitCode ?? null,
      signal: status === null ? 'SIGKILL' : status.signal,
      durationMs,
      outputBytes: output.bytes,
    };
  };
  const exit = finish();

  return {
    identity,
    exit,
    async stop() {
      void end('stopped');
      await exit;
    },
  };
}
