import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  cleanCheckout,
  cleanFolder,
  commitSentence,
  secretsInCheckout,
  writtenSentence,
} from '../../../../src/main/runtime/effects/keep-secrets-out.js';
import type { GitRepository } from '../../../../src/main/runtime/ports/git-repository.js';
import { createSecretKeeper } from '../../../../src/main/runtime/secrets/secret-keeper.js';

const value = 'a-very-long-secret-value-of-pat';
const megabyte = 1024 * 1024;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-large-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keeper = () => createSecretKeeper(() => Promise.resolve([{ name: 'API_KEY', value }]));
/** A repository in which these paths were touched and nothing is known of before. */
const touching = (...paths: readonly string[]): GitRepository =>
  ({ touchedPaths: () => Promise.resolve(paths) }) as Partial<GitRepository> as GitRepository;
const lookAt = async (path: string) => {
  const worktree = { path: folder, branch: 'refs/heads/b', base: '', gitFileSha256: null };
  return secretsInCheckout(touching(path), worktree, '', await keeper());
};

it('a secret is found across the border of two parts of a file, and taken out', async () => {
  const file = Buffer.alloc(9 * megabyte, 'x');
  file.write(value, 4 * megabyte - 7);
  await writeFile(join(folder, 'big.txt'), file);
  const found = await lookAt('big.txt');
  expect(found).toEqual([{ path: 'big.txt', names: ['API_KEY'] }]);
  await cleanCheckout(folder, found, await keeper());
  expect((await readFile(join(folder, 'big.txt'), 'latin1')).includes(value)).toBe(false);
  expect(await lookAt('big.txt')).toEqual([]);
});

it('a file that is too large is not read, is left as it is, and is said not to be committed', async () => {
  await writeFile(join(folder, 'huge.bin'), value);
  await truncate(join(folder, 'huge.bin'), 300 * megabyte);
  const found = await lookAt('huge.bin');
  const says =
    'huge.bin has 315 MB, and files of more than 268 MB are not looked through for secrets, so it is not committed. Make it smaller or leave it out, then retry.';
  expect([commitSentence(found), ...found.map(writtenSentence)]).toEqual([says, says]);
  await cleanCheckout(folder, found, await keeper());
  expect((await stat(join(folder, 'huge.bin'))).size).toBe(300 * megabyte);
});

/** A quarter of a gigabyte is looked through. */
const manyBytes = { timeout: 60_000 };

it('a file of a turn that is too large to be written again goes when a secret stands in it', manyBytes, async () => {
  await writeFile(join(folder, 'trace.log'), value);
  await truncate(join(folder, 'trace.log'), 257 * megabyte);
  await writeFile(join(folder, 'small.log'), `before ${value} after`);
  await cleanFolder(folder, [], await keeper());
  await expect(stat(join(folder, 'trace.log'))).rejects.toThrow('ENOENT');
  expect(await readFile(join(folder, 'small.log'), 'utf8')).toBe('before [secret API_KEY] after');
});
