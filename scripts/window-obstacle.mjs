import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The program of Electron below a checkout, or null where it was never downloaded. */
export function electronProgram(root) {
  const folder = path.join(root, 'node_modules', 'electron');
  const pointer = path.join(folder, 'path.txt');
  if (!existsSync(pointer)) return null;
  const program = path.join(folder, 'dist', readFileSync(pointer, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/** Whether a window can be shown: Linux says where in these variables. */
export function hasDisplay(platform, env) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Why no window can open, a sentence with the next step, or null when one can.
 *
 * @param {{ root: string, platform?: NodeJS.Platform, env?: NodeJS.ProcessEnv, uid?: number | null }} places
 */
export function windowObstacle({ root, platform = process.platform, env = process.env, uid = process.getuid?.() ?? null }) {
  if (!existsSync(path.join(root, 'out', 'electron', 'main.js')))
    return 'No window opens: this build has none. The board is a page in your browser.';
  if (electronProgram(root) === null)
    return 'No window opens: Electron is not downloaded (`npx install-electron` does it). The board is a page in your browser.';
  // Chromium gives up its sandbox for root, and Muster does not.
  if (platform === 'linux' && uid === 0)
    return 'No window opens for root: its sandbox does not work there. Start Muster as an ordinary user, or use the board, a page in your browser.';
  return hasDisplay(platform, env) ? null : 'No window opens: there is no display. The board is a page in a browser of this machine.';
}
