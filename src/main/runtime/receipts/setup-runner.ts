import { constants } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Jail, JailResult } from '../ports/jail.js';
import { makePlainFolders } from './plain-folders.js';

/** One set-up of a checkout. Paths are absolute. */
export interface SetupRequest {
  /** Names the process, as `setup-<runKey>`. */
  readonly runKey: string;
  readonly checkout: string;
  /** Argument lists, run in order, with the network. */
  readonly setup: readonly (readonly string[])[];
  readonly timeoutMs: number;
  /** From `setupKey`: checkouts with the same key share what set-up produced. */
  readonly key: string;
  /** Files that belong to the tree; whatever else is there after set-up was produced by it. */
  readonly trackedFiles: readonly string[];
  /** Whether to keep what it produced for the next checkout; only from a clean one. */
  readonly keep: boolean;
}

export type SetupResult =
  | { readonly kind: 'ready'; readonly isFromCache: boolean; readonly jailed: boolean }
  /** `log`: the last 16 KiB that the command said. */
  | { readonly kind: 'failed'; readonly reason: string; readonly log: string }
  | { readonly kind: 'stopped' };

/** Makes checkouts ready to run. */
export interface SetupRunner {
  run(request: SetupRequest, signal?: AbortSignal): Promise<SetupResult>;
}

const logTailBytes = 16 * 1024;

// Copies share their blocks where the file system can do that.
const copyFolder = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE, errorOnExist: false, force: true });

async function producedPaths(checkout: string, trackedFiles: readonly string[]): Promise<readonly string[]> {
  const files = new Set(trackedFiles);
  const folders = new Set(
    trackedFiles.flatMap((file) =>
      file
        .split('/')
        .slice(0, -1)
        .map((_, at, parts) => parts.slice(0, at + 1).join('/')),
    ),
  );
  const look = async (folder: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const entry of await readdir(join(checkout, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git' || files.has(path)) continue;
      if (entry.isDirectory() && folders.has(path)) found.push(...(await look(path)));
      else found.push(path);
    }
    return found;
  };
  return look('');
}

function describeFailure(argv: readonly string[], result: JailResult, timeoutMs: number): string {
  const what = `Could not set up the checkout: \`${argv.join(' ')}\``;
  const next = 'Correct it or `git.worktree.setup`, then retry.';
  switch (result.kind) {
    case 'exited':
      return `${what} ended with exit code ${result.exitCode}. ${next}`;
    case 'timed-out':
      return `${what} took longer than ${timeoutMs / 1000} s. Raise \`git.worktree.timeout_seconds\` or make it faster.`;
    case 'output-limit':
      return `${what} said more than a set-up may. ${next}`;
    case 'could-not-start':
      return `${what} could not start. ${result.reason}`;
    case 'stopped':
      return `${what} was stopped.`;
  }
}

async function restore(kept: string, checkout: string): Promise<boolean> {
  const list = await readFile(join(kept, 'paths.json'), 'utf8').catch(() => null);
  if (list === null) return false;
  for (const path of JSON.parse(list) as string[]) {
    if (!(await makePlainFolders(checkout, path, false))) return false;
    await rm(join(checkout, path), { recursive: true, force: true });
    await copyFolder(join(kept, 'files', path), join(checkout, path));
  }
  return true;
}

async function keepProduced(cacheDir: string, request: SetupRequest): Promise<void> {
  const paths = await producedPaths(request.checkout, request.trackedFiles);
  const fresh = await mkdtemp(join(cacheDir, 'new-'));
  for (const path of paths) {
    await mkdir(dirname(join(fresh, 'files', path)), { recursive: true });
    await copyFolder(join(request.checkout, path), join(fresh, 'files', path));
  }
  await writeFile(join(fresh, 'paths.json'), JSON.stringify(paths));
  // Another run may have kept the same meanwhile; either copy will do.
  await rename(fresh, join(cacheDir, request.key)).catch(() => rm(fresh, { recursive: true, force: true }));
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Runs `git.worktree.setup` in the jail and keeps what it produced in `cacheDir`, which must lie outside every folder that a turn
 * may write to. Package managers keep their downloads in `<cacheDir>/packages`.
 */
export function createSetupRunner(options: { readonly jail: Jail; readonly cacheDir: string; readonly logsDir: string }): SetupRunner {
  const { jail, cacheDir, logsDir } = options;
  return {
    async run(request, signal) {
      if (request.setup.length === 0) return { kind: 'ready', isFromCache: false, jailed: jail.kind !== 'none' };
      await mkdir(cacheDir, { recursive: true });
      if (await restore(join(cacheDir, request.key), request.checkout))
        return { kind: 'ready', isFromCache: true, jailed: jail.kind !== 'none' };
      for (const [at, argv] of request.setup.entries()) {
        const [program, ...rest] = argv;
        if (program === undefined) continue;
        const outputFile = join(logsDir, `${request.runKey}-setup-${at}.log`);
        const result = await jail.run(
          {
            tag: `setup-${request.runKey}`,
            argv: [program, ...rest],
            checkout: request.checkout,
            caches: [join(cacheDir, 'packages')],
            readable: [],
            network: true,
            env: {},
            timeoutMs: request.timeoutMs,
            outputFile,
          },
          signal,
        );
        if (result.kind === 'stopped') return { kind: 'stopped' };
        if (result.kind !== 'exited' || result.exitCode !== 0) {
          const log = (await exists(outputFile)) ? (await readFile(outputFile)).subarray(-logTailBytes).toString('utf8') : '';
          return { kind: 'failed', reason: describeFailure(argv, result, request.timeoutMs), log };
        }
        await rm(outputFile, { force: true });
      }
      if (request.keep) await keepProduced(cacheDir, request);
      return { kind: 'ready', isFromCache: false, jailed: jail.kind !== 'none' };
    },
  };
}
