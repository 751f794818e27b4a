import { mkdtempSync, rmSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { runHere } from '../bin/hand-over.mjs';
import { runCaptured } from './run-captured.mjs';

const GIB = 1024 ** 3;
const SIZE_GIB = 4;

/** Mounts memory on the folder that is named first, and becomes the program that is named after it. */
const MOUNT = `mount -t tmpfs -o mode=1777,size=${SIZE_GIB}g muster-tests "$0" && exec "$@"`;
const inOwnMounts = (folder, command) => ['--mount', '--propagation', 'private', 'sh', '-c', MOUNT, folder, ...command];

/** Whether memory may and should be mounted: by root of a Linux with room, where nobody said where temporary files go. */
async function isPossible(folder, env) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || env.TMPDIR || freemem() < 2 * SIZE_GIB * GIB) return false;
  const { code } = await runCaptured('unshare', inOwnMounts(folder, ['true']), { env });
  return code === 0;
}

/**
 * Runs a program in this terminal, with its temporary files in memory where that can be had: tests make and delete some hundred
 * thousand small files, and on some disks a new one is looked for long where many were just deleted. The memory is mounted for the
 * program and what it starts alone, and is gone with the last of them.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
export async function runInMemory(command, args, { cwd, env }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-tests-'));
  try {
    if (!(await isPossible(folder, env))) return await runHere(command, args, { cwd, env });
    return await runHere('unshare', inOwnMounts(folder, [command, ...args]), { cwd, env: { ...env, TMPDIR: folder } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
