import { closeSync, constants, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObjectName } from './object-reader.js';
import { isMissing } from './worktree-place.js';

// Read at once and not in turn with everything else: the files have some dozen bytes each, and a turn asks for them all the time.

/** What HEAD says: a branch that may not be born yet, or a commit. */
export type HeadFile = { readonly branch: string; readonly commit: string | null } | { readonly branch: null; readonly commit: string };

/** More loose files than this are listed faster by git. */
const MOST_LOOSE = 200;

const MOST_BYTES = 1024 * 1024;

/** A name that git would take, and that leads nowhere else as a path. What is refused here git may still take: then it is asked. */
const PLAIN_REF = /^refs(?:\/(?!\.)[A-Za-z0-9._+=,@%#&()-]+)+$/;

const isPlainRef = (ref: string): boolean => PLAIN_REF.test(ref) && !ref.includes('..') && !/\.lock(\/|$)|\.(\/|$)/.test(ref);

/** Text of a plain file; null when there is none, undefined when something else stands there. */
function plainText(path: string): string | null | undefined {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return null;
    if (!entry.isFile() || entry.size > MOST_BYTES) return entry.isDirectory() ? null : undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return readFileSync(file, 'latin1');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return isMissing(error) ? null : undefined;
  }
}

const PACKED_LINE = /^([0-9a-f]{40}(?:[0-9a-f]{24})?) (refs\/\S+)$/;

/** Refs in `packed-refs`; undefined when a line is of no kind that is known. */
function packedRefs(commonDir: string): ReadonlyMap<string, string> | undefined {
  const text = plainText(join(commonDir, 'packed-refs'));
  if (text === undefined) return undefined;
  const refs = new Map<string, string>();
  for (const line of (text ?? '').split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('^')) continue;
    const [, value = '', name = ''] = PACKED_LINE.exec(line) ?? [];
    if (name === '') return undefined;
    refs.set(name, value);
  }
  return refs;
}

/** Whether refs are kept as plain files here at all; git has another way, `reftable`. */
export function keepsRefFiles(commonDir: string): boolean {
  const look = { throwIfNoEntry: false } as const;
  return (
    lstatSync(join(commonDir, 'reftable'), look) === undefined && lstatSync(join(commonDir, 'refs', 'heads'), look)?.isDirectory() === true
  );
}

function looseRef(commonDir: string, ref: string): string | null | undefined {
  const text = plainText(join(commonDir, ref));
  if (text === null || text === undefined) return text;
  const value = text.replace(/\n$/, '');
  return isObjectName(value) ? value : undefined;
}

/**
 * What a ref of the whole repository holds, read from the files now; null when there is no such ref. undefined: the files are not of
 * the kind that is known here, so git is to be asked. A loose file is read before the packed ones, as git deletes it after packing.
 */
export function readRefFile(commonDir: string, ref: string): string | null | undefined {
  if (!isPlainRef(ref) || !/^refs\/(heads|tags|muster|remotes)\//.test(ref) || !keepsRefFiles(commonDir)) return undefined;
  const loose = looseRef(commonDir, ref);
  if (loose !== null) return loose;
  const packed = packedRefs(commonDir);
  return packed === undefined ? undefined : (packed.get(ref) ?? null);
}

/** HEAD of a checkout, read from the files now; undefined: git is to be asked. That its commit exists is not looked at. */
export function readHeadFile(commonDir: string, gitDir: string): HeadFile | undefined {
  const text = plainText(join(gitDir, 'HEAD'));
  if (text === null || text === undefined) return undefined;
  const value = text.replace(/\n$/, '');
  if (isObjectName(value)) return { branch: null, commit: value };
  const branch = value.startsWith('ref: ') ? value.slice(5) : '';
  if (!branch.startsWith('refs/heads/')) return undefined;
  const commit = readRefFile(commonDir, branch);
  return commit === undefined ? undefined : { branch, commit };
}

function looseBelow(commonDir: string, prefix: string, found: Map<string, string>): boolean {
  for (const entry of readdirSync(join(commonDir, prefix), { withFileTypes: true })) {
    const ref = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!looseBelow(commonDir, ref, found)) return false;
      continue;
    }
    if (entry.name.endsWith('.lock')) continue;
    const value = looseRef(commonDir, ref);
    if (value === undefined || !isPlainRef(ref) || found.size > MOST_LOOSE) return false;
    // null: deleted since the folder was read, or packed, and then it is found there.
    if (value !== null) found.set(ref, value);
  }
  return true;
}

/** All branches and tags with what they hold, read from the files now; undefined: git is to be asked. */
export function readAllRefFiles(commonDir: string): ReadonlyMap<string, string> | undefined {
  try {
    if (!keepsRefFiles(commonDir)) return undefined;
    const loose = new Map<string, string>();
    for (const prefix of ['refs/heads', 'refs/tags']) {
      if (!looseBelow(commonDir, prefix, loose)) return undefined;
    }
    const packed = packedRefs(commonDir);
    if (packed === undefined) return undefined;
    const all = new Map([...packed].filter(([ref]) => /^refs\/(heads|tags)\//.test(ref)));
    if (![...all.keys()].every(isPlainRef)) return undefined;
    for (const [ref, value] of loose) all.set(ref, value);
    return all;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
