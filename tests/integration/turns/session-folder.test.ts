import { chmod, link, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionSeed } from '../../../src/main/runtime/roles/session-folder.js';
import { fillSpare, seedSession, takeBackDocuments } from '../../../src/main/runtime/roles/session-folder.js';

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

const what = (more: Partial<SessionSeed> = {}): SessionSeed => ({
  sessionDir,
  spareDir: join(place, 'spare'),
  copies: ['todo.md', 'missing.md', '.agents', 'docs'].map((name) => join(place, name)),
  documents: [{ name: 'plan.md', bytes: Buffer.from('the plan') }],
  context: ({ names, leftOut }) => `# Where things are\n${names.join(', ')}\n${leftOut.join('\n')}`,
  ...more,
});
const seed = (): Promise<void> => seedSession(what());

describe('a session folder', () => {
  it('is filled without writing through the links that an earlier turn left in it', async () => {
    for (const name of ['workspace_context.md', 'todo.md']) await symlink(join(outside, 'profile.md'), join(sessionDir, name));
    await symlink(outside, join(sessionDir, 'shared_workspace'));
    await seed();
    expect(await readFile(join(outside, 'profile.md'), 'utf8')).toBe('mine');
    expect(await readFile(join(sessionDir, 'workspace_context.md'), 'utf8')).toContain('# Where things are\n');
    expect(await readFile(join(sessionDir, 'todo.md'), 'utf8')).toBe('# Todo');
    await expect(readlink(join(sessionDir, 'shared_workspace'))).rejects.toThrow('EINVAL');
    expect(await readFile(join(sessionDir, 'shared_workspace', 'plan.md'), 'utf8')).toBe('the plan');
  });

  it('has folders as copies too, without what is a link or too large in them, which it says', async () => {
    await mkdir(join(place, '.agents', 'skills', 'documentation'), { recursive: true });
    await writeFile(join(place, '.agents', 'skills', 'documentation', 'SKILL.md'), 'Be short.');
    await symlink(join(outside, 'profile.md'), join(place, '.agents', 'profile.md'));
    await mkdir(join(place, 'docs'));
    await writeFile(join(place, 'docs', 'huge.md'), '');
    await truncate(join(place, 'docs', 'huge.md'), 8 * 1024 ** 3);
    await seed();
    expect(await readFile(join(sessionDir, '.agents', 'skills', 'documentation', 'SKILL.md'), 'utf8')).toBe('Be short.');
    expect(await readdir(join(sessionDir, '.agents'))).toEqual(['skills']);
    expect(await readdir(join(sessionDir, 'docs'))).toEqual([]);
    expect(await readFile(join(sessionDir, 'workspace_context.md'), 'utf8')).toBe(
      '# Where things are\ntodo.md, .agents, docs, shared_workspace\n.agents/profile.md is a link\ndocs/huge.md has 8589934592 bytes, and 1048576 is the limit',
    );
  });

  it('is made right again after whatever a turn did there, and only what differs is written', async () => {
    const at = (...parts: readonly string[]): string => join(sessionDir, ...parts);
    const skill = join('.agents', 'skills', 'documentation', 'SKILL.md');
    await mkdir(join(place, '.agents', 'skills', 'documentation'), { recursive: true });
    await writeFile(join(place, skill), 'Be short.');
    await seed();
    const before = await lstat(at(skill));
    await writeFile(at('todo.md'), '# Mine!');
    await rm(at('shared_workspace', 'plan.md'));
    await link(join(outside, 'profile.md'), at('shared_workspace', 'plan.md'));
    await mkdir(at('.agents', 'skills', 'obey_me'));
    await writeFile(at('.agents', 'skills', 'obey_me', 'SKILL.md'), 'Obey.');
    await chmod(at('.agents', 'skills', 'obey_me'), 0);
    await writeFile(at('notes.txt'), 'kept for the next turn');
    await mkdir(at('docs'));
    await symlink(outside, at('missing.md'));
    await seed();
    const after = await lstat(at(skill));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    expect(await readFile(at('todo.md'), 'utf8')).toBe('# Todo');
    expect(await readFile(at('shared_workspace', 'plan.md'), 'utf8')).toBe('the plan');
    expect(await readFile(join(outside, 'profile.md'), 'utf8')).toBe('mine');
    expect(await readdir(at('.agents', 'skills'))).toEqual(['documentation']);
    expect((await readdir(sessionDir)).sort()).toEqual(['.agents', 'notes.txt', 'shared_workspace', 'todo.md', 'workspace_context.md']);
    await chmod(at('todo.md'), 0);
    await rm(at('.agents'), { recursive: true });
    await symlink(join(place, '.agents'), at('.agents'));
    await seed();
    expect((await lstat(at('todo.md'))).mode & 0o600).toBe(0o600);
    expect((await lstat(at('.agents'))).isDirectory()).toBe(true);
    expect(await readFile(join(place, skill), 'utf8')).toBe('Be short.');
  });

  it('is the one that was filled ahead, made right where that has aged, and with nothing of a session that stands there already', async () => {
    const at = (...parts: readonly string[]): string => join(sessionDir, ...parts);
    const spare = (...parts: readonly string[]): string => join(place, 'spare', ...parts);
    await mkdir(join(place, '.agents'));
    await writeFile(join(place, '.agents', 'SKILL.md'), 'Be short.');
    await fillSpare(what());
    const made = await Promise.all(['.agents/SKILL.md', 'shared_workspace/plan.md'].map((name) => lstat(spare(name))));
    // It aged, and a kill cut it short.
    await rm(join(place, 'todo.md'));
    await writeFile(join(place, '.agents', 'NEW.md'), 'Be quick.');
    await rm(spare('workspace_context.md'));
    await seedSession(what({ documents: [{ name: 'plan.md', bytes: Buffer.from('another plan') }] }));
    expect((await readdir(sessionDir)).sort()).toEqual(['.agents', 'shared_workspace', 'workspace_context.md']);
    expect(await readdir(at('.agents'))).toEqual(['NEW.md', 'SKILL.md']);
    expect(await readFile(at('shared_workspace', 'plan.md'), 'utf8')).toBe('another plan');
    const now = await Promise.all(['.agents/SKILL.md', 'shared_workspace/plan.md'].map((name) => lstat(at(name))));
    expect(now.map(({ ino }) => ino)).toEqual(made.map(({ ino }) => ino));
    await expect(readdir(spare())).rejects.toThrow('ENOENT');

    await fillSpare(what());
    await writeFile(at('notes.txt'), "the session's own");
    await seed();
    expect(await readFile(at('notes.txt'), 'utf8')).toBe("the session's own");
    expect((await readdir(spare())).sort()).toEqual(['.agents', 'shared_workspace', 'workspace_context.md']);
  });

  it('is made anew where a link stands in the place of the one that was filled ahead', async () => {
    await symlink(outside, join(place, 'spare'));
    await fillSpare(what());
    await seed();
    expect(await readdir(outside)).toEqual(['profile.md']);
    expect((await lstat(sessionDir)).isDirectory()).toBe(true);
    expect(await readFile(join(sessionDir, 'todo.md'), 'utf8')).toBe('# Todo');
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
