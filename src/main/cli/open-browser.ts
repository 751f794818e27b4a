import { runProgram } from '../runtime/platform/run-program.js';
import type { Clock } from '../runtime/ports/clock.js';

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens an address in the person's browser; where none can be opened, nothing happens, as the address was printed. */
export async function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<void> {
  const [file, ...args] = openers[process.platform] ?? (['xdg-open'] as const);
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  await runProgram(
    { argv: [file, ...args, url], cwd: process.cwd(), env: Object.fromEntries(given), timeoutMs: 10_000, maxBytes: 10_000 },
    clock,
  );
}
