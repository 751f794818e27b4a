import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { epochMs } from '../../../shared/kernel/time.js';
import type { GitContext } from './git-context.js';
import { objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { isObjectName } from './object-reader.js';
import { keepsRefFiles } from './ref-files.js';
import { sha256 } from './worktree-place.js';

/** A commit that is no part of the project's history. `parent` null: it has none. `message` ends with a newline. */
export interface KeptCommit {
  readonly tree: string;
  readonly parent: string | null;
  readonly message: string;
}

function commitText(commit: KeptCommit, date: string): string {
  const { GIT_COMMITTER_NAME: name = '', GIT_COMMITTER_EMAIL: email = '' } = RUNTIME_IDENTITY;
  const who = `${name} <${email}> ${Math.floor(epochMs(date) / 1000)} +0000`;
  const parent = commit.parent === null ? '' : `parent ${commit.parent}\n`;
  return `tree ${commit.tree}\n${parent}author ${who}\ncommitter ${who}\n\n${commit.message}`;
}

/** Writes a commit in the runtime's own name and returns its name. */
export async function writeKeptCommit(context: GitContext, commit: KeptCommit): Promise<string> {
  const date = context.clock.now();
  return (await throughWriter(context, commitText(commit, date))) ?? (await asked(context, commit, date));
}

/** By the kept writer, which takes bytes from a file; null when it gave no answer. */
async function throughWriter(context: GitContext, text: string): Promise<string | null> {
  const folder = join((await context.layout()).commonDir, 'muster');
  const path = join(folder, `${sha256(text)}.commit`);
  if (/[\n"]/.test(path)) return null;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
  try {
    const [name] = (await context.writer.ask(`${path}\n`, 1)) ?? [];
    return name !== undefined && isObjectName(name) ? name : null;
  } finally {
    rmSync(path, { force: true });
  }
}

async function asked(context: GitContext, { tree, parent, message }: KeptCommit, date: string): Promise<string> {
  const env = { ...RUNTIME_IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const args = ['commit-tree', '--no-gpg-sign', tree, ...(parent === null ? [] : ['-p', parent])];
  return (await context.git.must({ place: await objectsPlace(context), env, args, stdin: message })).text.trim();
}

/**
 * Makes a ref that must not be there yet. false: it is there, or it cannot be made; `update-ref` says which. Only refs that git keeps
 * as files are made by the kept program, which read how refs are kept when it began.
 */
export async function makeRef(context: GitContext, ref: string, commit: string): Promise<boolean> {
  const { commonDir } = await context.layout();
  if (!keepsRefFiles(commonDir)) return false;
  const said = await context.refs.ask(`start\ncreate ${ref} ${commit}\ncommit\n`, 2);
  return said?.[1] === 'commit: ok';
}
