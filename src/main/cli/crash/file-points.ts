import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import type { EffectPoints } from './effect-points.js';
import type { Killer } from './killer.js';

const isJournal = (fd: number): boolean => fs.readlinkSync(`/proc/self/fd/${fd}`).includes('/.teams_runtime/journal/');

/** Names that are the same in every run; all others hold an id or a hash. */
const steadyNames = new Set(['exit.json', 'guard.json', 'documents.json']);

/** Folders of the runtime's whose entries are called by an id. */
const rooms = new Set(['worktrees', 'checkouts', 'scratch']);

function nameRemoved(removed: string, isFolder: boolean): string {
  const room = path.basename(path.dirname(removed));
  return `${isFolder ? 'a folder' : 'a file'}${rooms.has(room) ? ` of ${room}` : ''}`;
}

/**
 * Puts kill points where bytes reach the disk: in the middle of a journal write, before and after its fsync, around each
 * rename, and after each removal. Linux only; the functions of `node:fs` are replaced for this process.
 */
export function placeFilePoints(killer: Killer, effects: EffectPoints): void {
  const { writeSync, fdatasync, fdatasyncSync } = fs;
  const { rename, rm } = fs.promises;
  fs.writeSync = ((fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number => {
    if (isJournal(fd) && killer.isChance('journal:torn')) {
      writeSync(fd, bytes, offset, Math.ceil(length / 2), position);
      killer.kill('journal:torn', `${length} bytes`);
    }
    return writeSync(fd, bytes, offset, length, position);
  }) as typeof fs.writeSync;
  const around = (fd: number, point: string): void => {
    if (isJournal(fd) && killer.isChance(point)) killer.kill(point, '');
  };
  fs.fdatasyncSync = (fd) => {
    around(fd, 'journal:written');
    fdatasyncSync(fd);
    around(fd, 'journal:synced');
  };
  fs.fdatasync = ((fd: number, done: (error: Error | null) => void) => {
    around(fd, 'journal:written');
    fdatasync(fd, (error) => {
      around(fd, 'journal:synced');
      done(error);
    });
  }) as typeof fs.fdatasync;
  fs.promises.rename = async (from, to) => {
    const name = path.basename(String(to));
    const what = steadyNames.has(name) ? name : 'a file';
    if (killer.isChance('rename:before')) killer.kill('rename:before', String(to));
    effects.between(`before ${what} is in place`);
    await rename(from, to);
    if (killer.isChance('rename:after')) killer.kill('rename:after', String(to));
    effects.between(`after ${what} is in place`);
  };
  fs.promises.rm = async (removed, options) => {
    await rm(removed, options);
    effects.between(`after ${nameRemoved(String(removed), options?.recursive === true)} is removed`);
  };
  syncBuiltinESMExports();
}
