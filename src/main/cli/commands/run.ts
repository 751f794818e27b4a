import { workspaceState } from '../../runtime/workspace/state-folder.js';
import { gateAddress, startLocalGate } from '../../host/local-gate.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import { clientOver, contextOver } from '../connect.js';
import type { Invocation } from '../invocation.js';
import { showProgress } from '../progress.js';

/** `muster run`: owns the workspace and works until somebody ends it. */
export const runCommand: CommandSpec = {
  path: ['run'],
  says: 'work in the foreground until Ctrl-C',
  options: [{ usage: '--until-idle', says: 'end when nothing can go on by itself' }],
  isPersons: true,
  run: async (invocation) => {
    const { places } = invocation;
    const person = await invocation.person();
    const workspaceDir = invocation.workspaceDir();
    const { controlSocket } = workspaceState(workspaceDir);
    const log = { say: (line: string): void => invocation.note(line) };
    const opened = await places.openRuntime({
      workspaceDir,
      work: true,
      address: gateAddress(controlSocket),
      onLog: (line) => log.say(line),
    });
    if (!opened.ok)
      throw new CliError(
        opened.error.kind !== 'owned' || opened.error.address === undefined
          ? opened.error.message
          : `Muster works on ${workspaceDir} already. Every other command reaches it there: \`muster status\`, \`muster board\`, \`muster stop-all\`.`,
      );
    const runtime = opened.value;
    const undo: (() => Promise<void>)[] = [() => runtime.stop()];
    try {
      const context = contextOver(runtime, places, true, person);
      const gate = await startLocalGate({ socketPath: controlSocket, context, onLog: (line) => log.say(line) });
      undo.unshift(() => gate.stop());
      const interrupted = places.untilInterrupted();
      invocation.say(`Muster works on ${workspaceDir}. Ctrl-C ends it in order.`);
      const progress = await showProgress(clientOver(context), places);
      undo.push(() => progress.stop());
      log.say = (line) => progress.say(line);
      await runtime.start();
      progress.say(await until(invocation, interrupted, () => runtime.drain()));
    } finally {
      for (const step of undo) await step();
    }
    invocation.say('Muster stopped; what was under way goes on at the next start.');
    return 0;
  },
};

/** Resolves with the reason to end: a signal, or nothing left to do where that was asked for. */
async function until(invocation: Invocation, interrupted: Promise<string>, drain: () => Promise<void>): Promise<string> {
  const signal = interrupted.then((name) => `${name}: ending in order; a second time ends at once.`);
  if (invocation.options['untilIdle'] !== true) return signal;
  return Promise.race([signal, drain().then(() => 'Nothing can go on by itself.')]);
}
