import { mkdir, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { added, Ground, item, sprint, sprintWith, todo } from './projection-ground.js';

const record = (n: number): string => `.teams_runtime/backlog/${item(n).backlogId}.json`;
const folder = `shared_workspace/sprints/${sprint().folder}`;

async function edit(ground: Ground, path: string, change: (value: Record<string, unknown>) => void): Promise<void> {
  const value = JSON.parse(await ground.read(path)) as Record<string, unknown>;
  change(value);
  await writeFile(join(ground.dir, path), JSON.stringify(value));
}

const begun = <T>(run: (ground: Ground) => Promise<T>): Promise<T> =>
  Ground.with(async (ground) => {
    ground.record(added(item(1)), ...sprintWith(2));
    await ground.watcher.compareAtStart();
    return run(ground);
  });

it('takes an edited title, summary, criteria and rank of a record in, and writes the record anew', () =>
  begun(async (ground) => {
    await edit(ground, record(1), (value) =>
      Object.assign(value, { title: 'Better', acceptance_criteria: ['a', 'b'], priority_rank: 2, summary: 's' }),
    );
    await ground.watcher.drain();
    expect(ground.state.backlog[item(1).backlogId]).toMatchObject({
      title: 'Better',
      acceptanceCriteria: ['a', 'b'],
      priorityRank: 2,
      summary: 's',
      status: 'pending',
    });
    expect(JSON.parse(await ground.read(record(1)))).toMatchObject({ title: 'Better', status: 'pending' });
    expect(ground.problems()).toEqual([]);
  }));

it('refuses an edited status, shows it, and writes the file again, while the title beside it is taken', () =>
  begun(async (ground) => {
    await edit(ground, record(1), (value) => Object.assign(value, { title: 'Better', status: 'done' }));
    await ground.watcher.drain();
    expect(JSON.parse(await ground.read(record(1)))).toMatchObject({ title: 'Better', status: 'pending' });
    expect(ground.problems()).toEqual([
      `Of the edit of ${record(1)} only title was taken in: status cannot be changed in a file; use the board or the command line. The file was written again.`,
    ]);
  }));

it('takes a changed order of a todo in, and no status or receipt of it', () =>
  begun(async (ground) => {
    const path = `.teams_runtime/sprints/${sprint().sprintId}.json`;
    await edit(ground, path, (value) => Object.assign((value['todos'] as object[])[1] ?? {}, { order: -5, status: 'committed' }));
    await ground.watcher.drain();
    expect(ground.state.todos[todo(2).todoId]).toMatchObject({ order: -5, status: 'queued' });
    expect(ground.problems()).toEqual([
      expect.stringContaining(`only the order of the todos was taken in: ${todo(2).todoId}.status cannot be changed in a file;`),
    ]);
    expect(JSON.parse(await ground.read(path))).toMatchObject({ todos: [{}, { order: -5, status: 'queued' }] });
  }));

it('keeps a cut record beside the file, says why, and writes it again', () =>
  begun(async (ground) => {
    await truncate(join(ground.dir, record(1)), 40);
    await ground.watcher.drain();
    expect(JSON.parse(await ground.read(record(1)))).toMatchObject({ title: 'Item 1' });
    const kept = `${record(1)}.edited-20260324T090000`;
    expect(await ground.read(kept)).toHaveLength(40);
    expect(ground.problems()).toEqual([
      `Could not take in the edit of ${record(1)}: it is no JSON, or is cut off. Your text is in ${kept}; the file was written again.`,
    ]);
  }));

it('sets an edit aside that began with an older record, so that nothing that happened since is undone', () =>
  begun(async (ground) => {
    const old = await ground.read(record(1));
    ground.clock.advance(60_000);
    await ground.dispatch({ type: 'edit-backlog-item', backlogId: item(1).backlogId, fields: { title: 'Newer' } });
    await ground.projector.drain();
    await writeFile(join(ground.dir, record(1)), old.replace('"summary": ""', '"summary": "mine"'));
    await ground.watcher.drain();
    expect(ground.state.backlog[item(1).backlogId]).toMatchObject({ title: 'Newer', summary: '' });
    expect(ground.problems()[0]).toContain('the record changed after it was opened for editing. Your text is in ');
  }));

it('sets an edited generated file aside and writes it again', () =>
  begun(async (ground) => {
    await writeFile(join(ground.dir, 'shared_workspace/backlog.md'), 'my notes');
    await ground.watcher.drain();
    expect(await ground.read('shared_workspace/backlog.md')).toContain('### Item 1');
    expect(await ground.read('shared_workspace/backlog.md.edited-20260324T090000')).toBe('my notes');
    expect(ground.problems()).toEqual([
      'Could not take in the edit of shared_workspace/backlog.md: it is written by Muster and has no place for edits. Your text is in shared_workspace/backlog.md.edited-20260324T090000; the file was written again.',
    ]);
  }));

it("stores a person's edit of an authored file as a version and leaves the file alone, also when the planner writes at that moment", () =>
  begun(async (ground) => {
    const path = join(ground.dir, folder, 'plan.md');
    ground.record({
      type: 'document-authored',
      sprintId: sprint().sprintId,
      name: 'plan.md',
      sha256: await ground.blobs.put('one'),
      by: 'planner',
    });
    await ground.projector.drain();
    await writeFile(path, 'mine');
    ground.record({
      type: 'document-authored',
      sprintId: sprint().sprintId,
      name: 'plan.md',
      sha256: await ground.blobs.put('two'),
      by: 'planner',
    });
    await ground.projector.drain();
    await ground.watcher.drain();
    expect(await ground.read(`${folder}/plan.md`)).toBe('mine');
    const document = ground.state.sprints[sprint().sprintId]?.documents['plan.md'];
    expect(document).toMatchObject({ version: 3, by: 'a person' });
    expect(await ground.blobs.get(document?.sha256 ?? '')).toEqual(Buffer.from('mine'));
  }));

it('keeps a version of an edited kickoff and the request as it was asked', () =>
  begun(async (ground) => {
    await writeFile(join(ground.dir, folder, 'kickoff.md'), 'edited');
    await ground.watcher.drain();
    expect(await ground.read(`${folder}/kickoff.md`)).toBe('edited');
    expect(ground.state.sprints[sprint().sprintId]).toMatchObject({
      brief: 'Make the login boring.',
      documents: { 'kickoff.md': { version: 1 } },
    });
  }));

it('writes deleted projections again, event files included', () =>
  begun(async (ground) => {
    const events = `.teams_runtime/sprints/${sprint().sprintId}.events.jsonl`;
    const before = await ground.read(events);
    for (const path of [record(1), 'shared_workspace/backlog.md', `${folder}/kickoff.md`, events]) await rm(join(ground.dir, path));
    await ground.watcher.drain();
    expect(await ground.read(record(1))).toContain('Item 1');
    expect(await ground.read('shared_workspace/backlog.md')).toContain('Item 1');
    expect(await ground.read(`${folder}/kickoff.md`)).toContain('# Kickoff');
    expect(await ground.read(events)).toBe(before);
    expect(ground.problems()).toEqual([]);
  }));

it('reads nothing back when more than twenty files were replaced, keeps them in one folder and shows one problem', () =>
  Ground.with(async (ground) => {
    ground.record(...Array.from({ length: 21 }, (_unused, i) => added(item(i + 1))));
    await ground.watcher.compareAtStart();
    for (let n = 1; n <= 21; n += 1) await edit(ground, record(n), (value) => Object.assign(value, { title: `Old ${n}` }));
    await ground.watcher.drain();
    expect(ground.state.backlog[item(3).backlogId]?.title).toBe('Item 3');
    expect(await ground.read(record(3))).toContain('Item 3');
    expect(ground.problems()).toEqual([
      "Files were replaced from outside: 21 of them changed within a second. Nothing was read back; what stood there is in .teams_runtime/replaced-20260324T090000, and Muster's own files are back.",
    ]);
    expect(await ground.read(`.teams_runtime/replaced-20260324T090000/${record(3)}`)).toContain('Old 3');
  }));

it("reads nothing back when the project's HEAD moved", () =>
  begun(async (ground) => {
    ground.headMoved = true;
    await edit(ground, record(1), (value) => Object.assign(value, { title: 'From another branch' }));
    await ground.watcher.drain();
    expect(ground.state.backlog[item(1).backlogId]?.title).toBe('Item 1');
    expect(ground.problems()[0]).toContain("Files were replaced from outside: the project's HEAD moved");
  }));

it('finds at the start what was edited, put back to an older version and deleted while nothing ran', () =>
  begun(async (ground) => {
    const older = await ground.read('shared_workspace/backlog.md');
    ground.record(added(item(2)));
    await ground.projector.drain();
    await edit(ground, record(1), (value) => Object.assign(value, { title: 'Edited offline' }));
    await writeFile(join(ground.dir, 'shared_workspace/backlog.md'), older);
    await rm(join(ground.dir, record(2)));
    await ground.begin();
    await ground.watcher.compareAtStart();
    expect(ground.state.backlog[item(1).backlogId]?.title).toBe('Edited offline');
    expect(await ground.read('shared_workspace/backlog.md')).toContain('### Item 2');
    expect(await ground.read(record(2))).toContain('Item 2');
    expect(ground.problems()).toEqual([]);
  }));

it('reads nothing through a link that stands in the place of a record', () =>
  begun(async (ground) => {
    const secret = join(ground.dir, 'secret.json');
    await writeFile(secret, (await ground.read(record(1))).replace('Item 1', 'Stolen'));
    await rm(join(ground.dir, record(1)));
    await symlink(secret, join(ground.dir, record(1)));
    await ground.watcher.drain();
    expect(ground.state.backlog[item(1).backlogId]?.title).toBe('Item 1');
    expect(ground.problems()).toEqual([
      `Could not write ${join(ground.dir, record(1))}: a link or a folder stands in its place. Remove it, and the file is written again.`,
    ]);
  }));

it('sees an edit, a replacement by rename and a deletion by itself once it watches', () =>
  begun(async (ground) => {
    await ground.watcher.start();
    await edit(ground, record(1), (value) => Object.assign(value, { title: 'Seen' }));
    const elsewhere = join(ground.dir, 'elsewhere.md');
    await writeFile(elsewhere, 'mine');
    await rename(elsewhere, join(ground.dir, 'shared_workspace/backlog.md'));
    await rm(join(ground.dir, folder, 'report.md'));
    await expect
      .poll(
        async () => {
          ground.clock.advance(1_000);
          await ground.projector.drain();
          const names = await readdir(join(ground.dir, folder));
          return [ground.state.backlog[item(1).backlogId]?.title, ground.problems().length, names.includes('report.md')];
        },
        { timeout: 20_000 },
      )
      .toEqual(['Seen', 1, true]);
  }));

it('takes nothing in that is no projected file', () =>
  begun(async (ground) => {
    const path = join(ground.dir, folder, 'attachments', 'a.md');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x');
    const count = ground.records.length;
    await ground.watcher.drain();
    expect(ground.records).toHaveLength(count);
  }));
