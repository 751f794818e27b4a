import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from './package-root.js';

/**
 * The Node that guardians, jails and rehearsals run on, absolute: the one of this process, or, where this process only embeds Node (the
 * window), the one that was installed with Muster. Throws a sentence where that one is missing.
 */
export function nodeProgram(embeds: string | undefined = process.versions['electron']): string {
  if (embeds === undefined) return process.execPath;
  const own = path.join(packageRoot(), 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  throw new Error(`Could not find the Node that belongs to Muster: ${own} is missing. Run \`npm ci\` in ${packageRoot()}, then try again.`);
}
