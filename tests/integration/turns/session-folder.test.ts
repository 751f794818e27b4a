import { mkdir, mkdtemp, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedSession, takeBackDocuments } from '../../../src/main/runtime/roles/session-folder.js';

let place: string;
let sessionDir: string;
let outside: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'muster-session-'));
  sessionDir = join(place, 'session');
  outside = join(place, 'outside');
  await mkdir(sessionDir);
  await mkdir(outside);
  await writeFile(join(outside, 'profile.md'), 'mine');
  await writeFile(join(place, 'todo.md'), '# Todo');
});

afterEach(async () => {
  await rm(place, { recursive: true, force: true });
});

const seed = (): Promise<void> =>
  seedSession({
    sessionDir,
    copies: [join(place, 'todo.md'), join(place, 'missing.md')],
    documents: [{ name: 'plan.md', bytes: Buffer.from('the plan') }],
    context: '# Where things are',
  });

describe('a session folder', () => {
  it('is filled without writing through the links that an earlier turn left in it', async () => {
    for (const name of ['workspace_context.md', 'todo.md']) await symlink(join(outside, 'profile.md'), join(sessionDir, name));
    await symlink(outside, join(sessionDir, 'shared_workspace'));
    await seed();
    expect(await readFile(join(outside, 'profile.md'), 'utf8')).toBe('mine');
    expect(await readFile(join(sessionDir, 'workspace_context.md'), 'utf8')).toBe('# Where things are');
    expect(await readFile(join(sessionDir, 'todo.md'), 'utf8')).toBe('# Todo');
    await expect(readlink(join(sessionDir, 'shared_workspace'))).rejects.toThrow('EINVAL');
    expect(await readFile(join(sessionDir, 'shared_workspace', 'plan.md'), 'utf8')).toBe('the plan');
  });

  it('gives nothing back from behind a link that a turn put in the place of its documents', async () => {
    await symlink(outside, join(sessionDir, 'shared_workspace'));
    expect(await takeBackDocuments(sessionDir, new Map())).toEqual({
      changed: [],
      notes: ["The session's shared_workspace was left out: the turn put something else in the folder's place."],
    });
  });

  it('gives back what changed, and neither links nor files that are too large to read', async () => {
    await seed();
    const documents = join(sessionDir, 'shared_workspace');
    await writeFile(join(documents, 'spec.md'), 'the spec');
    await symlink(join(outside, 'profile.md'), join(documents, 'profile.md'));
    await writeFile(join(documents, 'huge.md'), '');
    await truncate(join(documents, 'huge.md'), 8 * 1024 ** 3);
    const { changed, notes } = await takeBackDocuments(sessionDir, new Map());
    expect(changed.map(({ name }) => name).sort()).toEqual(['plan.md', 'spec.md']);
    expect(notes.sort()).toEqual([
      'huge.md was left out: it has 8589934592 bytes, and 2097152 is the limit.',
      "profile.md in the session's shared_workspace was left out: only plain .md files are taken back.",
    ]);
  });
});
