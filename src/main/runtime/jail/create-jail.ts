import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../platform/find-program.js';
import type { Jail } from '../ports/jail.js';
import type { ProcessGuardian } from '../ports/process-guardian.js';
import { createBubblewrapJail } from './bubblewrap-jail.js';
import { createNoJail } from './no-jail.js';
import { createSandboxExecJail } from './sandbox-exec-jail.js';

/** What the choice of a jail depends on. Paths are absolute. */
export interface JailOptions {
  readonly guardian: ProcessGuardian;
  /** null: bubblewrap is not installed. */
  readonly bwrapPath: string | null;
  /** The Node that runs what is verified; the bundled one. */
  readonly nodePath: string;
  /** The person's PATH. */
  readonly path: string;
  /** Home and workspace. */
  readonly hidden: readonly string[];
  /** For scratch homes and the trial run. */
  readonly temporaryDir: string;
}

const sandboxExecPath = '/usr/bin/sandbox-exec';

async function works(jail: Jail, temporaryDir: string): Promise<boolean> {
  const folder = await mkdtemp(join(temporaryDir, 'jail-trial-'));
  try {
    const result = await jail.run({
      tag: 'jail-trial',
      argv: ['true'],
      checkout: folder,
      caches: [],
      readable: [],
      network: false,
      env: {},
      timeoutMs: 10_000,
      outputFile: `${folder}.log`,
    });
    return result.kind === 'exited' && result.exitCode === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.log`, { force: true });
  }
}

/** The best jail that really works here: each is tried with `true` before it is chosen. */
export async function createJail(options: JailOptions): Promise<Jail> {
  const { guardian, bwrapPath, nodePath, temporaryDir } = options;
  if (bwrapPath !== null) {
    const npmPath = await findProgram('npm', '/', { PATH: options.path });
    const jail = createBubblewrapJail({ guardian, bwrapPath, nodePath, hidden: options.hidden, npmPath });
    if (await works(jail, temporaryDir)) return jail;
  }
  if (process.platform === 'darwin' && existsSync(sandboxExecPath)) {
    const jail = createSandboxExecJail({ guardian, sandboxExecPath, nodePath, temporaryDir });
    if (await works(jail, temporaryDir)) return jail;
  }
  return createNoJail({ guardian, nodePath, path: options.path, temporaryDir });
}
