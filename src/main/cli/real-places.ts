import { createInterface } from 'node:readline/promises';
import type { WriteStream } from 'node:tty';
import { lookAtState } from '../runtime/load-state.js';
import { RandomIds } from '../runtime/platform/random-ids.js';
import { SystemClock } from '../runtime/platform/system-clock.js';
import { openRuntime } from '../runtime/runtime.js';
import type { CliPlaces, Output } from './cli-places.js';
import { personName } from '../host/person-name.js';
import { onInterruption } from './on-interruption.js';
import { openBrowser } from './open-browser.js';
import { turnAbove } from '../host/turn-above.js';

const outputOf = (stream: WriteStream): Output => ({
  write: (text) => void stream.write(text),
  // Without a width nothing can be redrawn.
  isTerminal: stream.isTTY === true && stream.columns > 0,
  stream,
  get columns() {
    return stream.columns || 80;
  },
});

/** The world as this process has it. */
export function realPlaces(version: string): CliPlaces {
  const clock = new SystemClock();
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    clock,
    version,
    ids: new RandomIds(),
    openRuntime,
    loadState: (workspaceDir) => lookAtState(workspaceDir, clock),
    personName: (dir) => personName(dir, process.env, clock),
    turnAbove: () => turnAbove(process.env, process.ppid),
    confirm,
    openBrowser: (url) => openBrowser(url, process.env, clock),
    untilInterrupted,
  };
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** Resolves at the first signal that asks to end; a later one ends the process at once. */
const untilInterrupted = (): Promise<string> => new Promise((resolve) => void onInterruption(resolve));
