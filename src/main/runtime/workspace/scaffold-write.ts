import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../ports/clock.js';
import { durableReplace } from './durable-replace.js';
import { codeOf, FileWriteError } from './file-problem.js';
import { workspaceLayout } from './layout.js';
import { refuseLinksBelow } from './no-links.js';
import type { ScaffoldFile } from './scaffold-plan.js';

/** What became of the files; paths are relative to the workspace. Each planned file is in one of the first five. */
export interface ScaffoldOutcome {
  readonly created: readonly string[];
  /** Was there and is as shipped, or is never touched again. */
  readonly kept: readonly string[];
  /** Nobody had changed it; it has the newer text now. */
  readonly refreshed: readonly string[];
  /** A person's text, kept; the newer one is at `<path>.new`. */
  readonly offered: readonly string[];
  /** Could not be written. */
  readonly failed: readonly string[];
  /** Sentences, one for each failed file and for a manifest that could not be used. */
  readonly problems: readonly string[];
}

type Fate = 'created' | 'kept' | 'refreshed' | 'offered';
type Manifest = Record<string, string>;

const manifestSchema = z.object({ version: z.literal(1), files: z.record(z.string(), z.string()) });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Writes the planned files below the workspace. What is there is never overwritten, but for a prompt or skill whose text is still
 * the one that an earlier run wrote (`.teams_runtime/scaffold.json`). Throws a `FileWriteError` only for the manifest itself.
 */
export async function writeScaffold(workspaceDir: string, files: readonly ScaffoldFile[], clock: Clock): Promise<ScaffoldOutcome> {
  const manifestPath = workspaceLayout(workspaceDir).runtime.scaffoldManifest;
  const read = await readManifest(manifestPath);
  const manifest: Manifest = read.files;
  const fates: { path: string; fate: Fate | 'failed' }[] = [];
  const problems: string[] = read.problem === null ? [] : [read.problem];
  for (const file of files) {
    try {
      fates.push({ path: file.path, fate: await settle(workspaceDir, file, manifest, clock) });
    } catch (error) {
      fates.push({ path: file.path, fate: 'failed' });
      problems.push(FileWriteError.from(join(workspaceDir, file.path), error).message);
    }
  }
  await mkdir(dirname(manifestPath), { recursive: true });
  await durableReplace(manifestPath, `${JSON.stringify({ version: 1, files: manifest }, null, 2)}\n`, { clock, within: workspaceDir });
  const those = (wanted: Fate | 'failed'): string[] => fates.filter(({ fate }) => fate === wanted).map(({ path }) => path);
  return {
    created: those('created'),
    kept: those('kept'),
    refreshed: those('refreshed'),
    offered: those('offered'),
    failed: those('failed'),
    problems,
  };
}

async function settle(workspaceDir: string, { path, text, kind }: ScaffoldFile, manifest: Manifest, clock: Clock): Promise<Fate> {
  const full = join(workspaceDir, path);
  refuseLinksBelow(workspaceDir, full);
  const present = await textOf(full);
  const [shipped, known] = [sha256(text), manifest[path]];
  if (present === null) {
    await create(workspaceDir, full, text, clock);
    manifest[path] = shipped;
    return 'created';
  }
  if (kind === 'once') return 'kept';
  const now = sha256(present);
  manifest[path] = shipped;
  if (now === shipped || known === shipped) return 'kept';
  if (now === known) {
    await durableReplace(full, text, { clock, within: workspaceDir });
    return 'refreshed';
  }
  await offer(workspaceDir, `${path}.new`, text, manifest, clock);
  return 'offered';
}

async function offer(workspaceDir: string, path: string, text: string, manifest: Manifest, clock: Clock): Promise<void> {
  const full = join(workspaceDir, path);
  refuseLinksBelow(workspaceDir, full);
  const present = await textOf(full);
  if (present !== null && sha256(present) !== manifest[path] && present !== text)
    throw new FileWriteError(
      full,
      'EEXIST',
      `Could not put the newer text at ${full}: that file has been changed. Merge it or move it away, and run \`muster init\` again.`,
    );
  await durableReplace(full, text, { clock, within: workspaceDir });
  manifest[path] = sha256(text);
}

async function create(workspaceDir: string, full: string, text: string, clock: Clock): Promise<void> {
  await mkdir(dirname(full), { recursive: true });
  // Half a configuration would be kept by the next run.
  if (full.endsWith('.yaml')) return durableReplace(full, text, { clock, within: workspaceDir });
  await writeFile(full, text, { flag: 'wx', mode: full.endsWith('.py') ? 0o755 : 0o644 });
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** What `init` wrote, by path; a manifest that cannot be read counts as empty and is said. */
export async function readManifest(path: string): Promise<{ files: Manifest; problem: string | null }> {
  const text = await textOf(path).catch(() => '');
  if (text === null) return { files: {}, problem: null };
  try {
    return { files: manifestSchema.parse(JSON.parse(text)).files, problem: null };
  } catch {
    return {
      files: {},
      problem: `Could not use ${path}: it does not say which texts were shipped. Every text that differs counts as yours; newer ones are put beside.`,
    };
  }
}
