import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { durableReplace } from '../../../src/main/runtime/workspace/durable-replace.js';
import { ProjectionWriter } from '../../../src/main/runtime/workspace/projection-writer.js';
import { SnapshotStore } from '../../../src/main/runtime/workspace/snapshot-store.js';
import { FailingFiles } from '../../fakes/failing-files.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { AT, withFolder } from './journal-ground.js';

const clock = new ManualClock(AT);

describe('a durable replacement', () => {
  it('keeps the old file whole until the new one is, through short writes', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'record.json');
      const files = new FailingFiles();
      files.maxWriteBytes = 3;
      await durableReplace(path, 'old', { clock, files });
      await durableReplace(path, 'a much longer text', { clock, files });
      expect(await readFile(path, 'utf8')).toBe('a much longer text');
      files.fail('write', 'ENOSPC');
      await expect(durableReplace(path, 'torso', { clock, files })).rejects.toThrow(
        `Could not write ${path}: no space is left on the device (ENOSPC). Free some space and try again.`,
      );
      expect(await readFile(path, 'utf8')).toBe('a much longer text');
      expect(await readdir(dir)).toEqual(['record.json']);
    }));

  it('fsyncs the content before the rename and the folder after it', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      await durableReplace(join(dir, 'x'), 'y', { clock, files });
      expect(files.log.map((line) => line.split(' ')[0])).toEqual(['open', 'write', 'sync', 'rename', 'syncFolder']);
    }));

  it('takes the place of what a killed process of the same number left under its own name', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      files.fail('open', 'EEXIST');
      await durableReplace(join(dir, 'x'), 'y', { clock, files });
      expect(files.log.map((line) => line.split(' ')[0]).slice(0, 3)).toEqual(['open', 'remove', 'open']);
      expect(await readFile(join(dir, 'x'), 'utf8')).toBe('y');
    }));

  it.each(['EPERM', 'EACCES', 'EBUSY'])('tries again on its schedule while %s stands in the way', (code) =>
    withFolder(async (dir) => {
      const path = join(dir, 'x');
      const files = new FailingFiles();
      const waiting = new ManualClock(AT);
      files.fail('rename', code, 2);
      const done = durableReplace(path, 'y', { clock: waiting, files, retryDelaysMs: [10, 20] });
      await expect.poll(() => waiting.pendingTimers).toBe(1);
      waiting.advance(10);
      await expect.poll(() => waiting.pendingTimers).toBe(1);
      waiting.advance(20);
      await done;
      expect(waiting.monotonicMs()).toBe(30);
      expect(await readFile(path, 'utf8')).toBe('y');
    }),
  );

  it('gives up with a sentence when its schedule is over', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      files.fail('rename', 'EBUSY', 5);
      const path = join(dir, 'x');
      await expect(durableReplace(path, 'y', { clock, files, retryDelaysMs: [] })).rejects.toThrow(
        `Could not write ${path}: another program is using it (EBUSY). Close that program and try again.`,
      );
    }));

  it('copies where the target is a mount of its own', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'x');
      await writeFile(path, 'a longer old text');
      const files = new FailingFiles();
      files.fail('rename', 'EXDEV');
      await durableReplace(path, 'new', { clock, files });
      expect(await readFile(path, 'utf8')).toBe('new');
      expect(await readdir(dir)).toEqual(['x']);
    }));

  it('keeps the mode of the file that it replaces', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'x');
      await writeFile(path, 'old', { mode: 0o600 });
      await durableReplace(path, 'new', { clock });
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }));

  it('writes through no planted link, and to nothing outside of its root', () =>
    withFolder(async (dir) => {
      const [root, outside] = [join(dir, 'root'), join(dir, 'outside')];
      await mkdir(root);
      await mkdir(outside);
      await writeFile(join(outside, 'secret'), 'kept');
      await symlink(outside, join(root, 'folder'));
      await symlink(join(outside, 'secret'), join(root, 'file'));
      for (const path of [join(root, 'folder', 'secret'), join(root, 'file')]) {
        await expect(durableReplace(path, 'taken', { clock, within: root })).rejects.toThrow(
          'is a symbolic link. Remove the link and try again.',
        );
      }
      await expect(durableReplace(join(root, '..', 'outside', 'secret'), 'taken', { clock, within: root })).rejects.toThrow(
        'it is not inside',
      );
      expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('kept');
    }));
});

describe('the projection writer', () => {
  it('writes a file and its folders, and replaces it', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'shared_workspace', 'deep', 'backlog.md');
      const writer = new ProjectionWriter(dir);
      await writer.write(path, '# Größe');
      await writer.write(path, '# Backlog');
      expect(await readFile(path, 'utf8')).toBe('# Backlog');
    }));

  it('refuses a link below the workspace', () =>
    withFolder(async (dir) => {
      await mkdir(join(dir, 'w'));
      await symlink(dir, join(dir, 'w', 'link'));
      const path = join(dir, 'w', 'link', 'x.md');
      await expect(new ProjectionWriter(join(dir, 'w')).write(path, 'x')).rejects.toThrow(
        `Could not write ${path}: ${join(dir, 'w', 'link')} is a symbolic link. Remove the link and try again.`,
      );
      expect(await readdir(dir)).toEqual(['w']);
    }));

  it('says in a sentence that a folder stands in the way', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'x.md');
      await mkdir(path);
      await expect(new ProjectionWriter(dir).write(path, 'x')).rejects.toThrow(`Could not write ${path}: a folder has that name (EISDIR).`);
    }));
});

describe('the blob store', () => {
  const SHA_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('keeps bytes under their SHA-256 and gives them back', () =>
    withFolder(async (dir) => {
      const store = new FileBlobStore({ dir: join(dir, 'blobs'), clock });
      expect(await Promise.all([store.put('abc'), store.put(Buffer.from('abc'))])).toEqual([SHA_OF_ABC, SHA_OF_ABC]);
      expect(await readFile(join(dir, 'blobs', 'ba', SHA_OF_ABC), 'utf8')).toBe('abc');
      expect((await store.get(SHA_OF_ABC))?.toString()).toBe('abc');
      expect(await store.has(SHA_OF_ABC)).toBe(true);
      expect(await store.has('0'.repeat(64))).toBe(false);
      expect(await store.get('0'.repeat(64))).toBeNull();
    }));

  it('writes the same bytes once', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const store = new FileBlobStore({ dir, clock, files });
      await store.put('abc');
      files.log.length = 0;
      await store.put('abc');
      expect(files.log.filter((line) => line.startsWith('write'))).toEqual([]);
    }));

  it('refuses bytes that do not have their hash, and mends them when they are put again', () =>
    withFolder(async (dir) => {
      const store = new FileBlobStore({ dir, clock });
      await store.put('abc');
      await writeFile(store.pathOf(SHA_OF_ABC), 'abd');
      await expect(store.get(SHA_OF_ABC)).rejects.toThrow(
        `Could not use ${store.pathOf(SHA_OF_ABC)}: its 3 bytes have the SHA-256 a52d159f`,
      );
      await store.put('abc');
      expect((await store.get(SHA_OF_ABC))?.toString()).toBe('abc');
    }));

  it('does not answer before a failed write is known, and takes the bytes afterwards', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const store = new FileBlobStore({ dir, clock, files });
      files.fail('sync', 'ENOSPC');
      await expect(store.put('abc')).rejects.toThrow('no space is left on the device (ENOSPC)');
      expect(await store.has(SHA_OF_ABC)).toBe(false);
      expect(await store.put('abc')).toBe(SHA_OF_ABC);
    }));
});

describe('the snapshot store', () => {
  const storeIn = (dir: string): SnapshotStore =>
    new SnapshotStore({ dir: join(dir, 'snapshots'), archiveDir: join(dir, 'archive'), copiesDir: join(dir, 'copies'), clock });

  it('keeps the two newest and copies them', () =>
    withFolder(async (dir) => {
      const store = storeIn(dir);
      expect(await store.newest()).toEqual({ snapshot: null, notices: [] });
      for (const seq of [5, 10, 15]) expect(await store.write(seq, JSON.stringify({ cards: seq }))).toEqual([]);
      expect(await store.newest()).toEqual({ snapshot: { seq: 15, state: { cards: 15 } }, notices: [] });
      for (const folder of ['snapshots', 'copies']) {
        expect((await readdir(join(dir, folder))).toSorted()).toEqual(['000000000010.json', '000000000015.json']);
      }
    }));

  it('skips a broken one with a notice and uses the older', () =>
    withFolder(async (dir) => {
      const store = storeIn(dir);
      await store.write(5, JSON.stringify({ cards: 5 }));
      await store.write(10, JSON.stringify({ cards: 10 }));
      const path = join(dir, 'snapshots', '000000000010.json');
      for (const [bytes, why] of [
        [(await readFile(path)).subarray(0, -4), 'its content does not match its checksum'],
        [Buffer.alloc(0), 'it is cut off'],
        [Buffer.from('{}\n{}\n'), 'its first line is not the head of such a file'],
        [Buffer.from(`{"format":2,"seq":10,"sha256":"${'0'.repeat(64)}"}\n{}\n`), 'it is of format 2, and this program reads format 1'],
      ] as const) {
        await writeFile(path, bytes);
        const found = await store.newest();
        expect(found.snapshot).toEqual({ seq: 5, state: { cards: 5 } });
        expect(found.notices.map((notice) => notice.message)).toEqual([
          `Could not use the snapshot ${path}: ${why}. An older one or the whole journal is read instead; the file may be deleted.`,
        ]);
      }
    }));

  it('sets later ones aside when a new journal begins', () =>
    withFolder(async (dir) => {
      const store = storeIn(dir);
      await store.write(500, '"old"');
      await store.write(3, '"new"');
      expect((await store.newest()).snapshot).toEqual({ seq: 3, state: 'new' });
      expect(await readdir(join(dir, 'copies', 'replaced-20260324T090000000Z'))).toEqual(['000000000500.json']);
    }));

  it('keeps the detail of ended sprints, and says when it is broken', () =>
    withFolder(async (dir) => {
      const store = storeIn(dir);
      expect(await store.readArchive('260324-Sprint-09-00')).toBeNull();
      await store.writeArchive('260324-Sprint-09-00', { todos: ['a'] });
      expect(await store.readArchive('260324-Sprint-09-00')).toEqual({ todos: ['a'] });
      await expect(store.writeArchive('../out', 1)).rejects.toThrow('Could not name an archive "../out"');
      const path = join(dir, 'archive', '260324-Sprint-09-00.json');
      await writeFile(path, 'x\ny\n');
      await expect(store.readArchive('260324-Sprint-09-00')).rejects.toThrow(
        `Could not read ${path}: its first line is not the head of such a file.`,
      );
    }));
});
