import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AT, added, Ground, item, sprint, sprintWith, todo } from './projection-ground.js';

const record = (n: number): string => `.teams_runtime/backlog/${item(n).backlogId}.json`;
const events = `.teams_runtime/sprints/${sprint().sprintId}.events.jsonl`;
const folder = `shared_workspace/sprints/${sprint().folder}`;

it('writes a new item as a record with the field names of the reference and into backlog.md', () =>
  Ground.with(async (ground) => {
    ground.record(added(item(1, 'Tidy the login')));
    await ground.projector.drain();
    expect(JSON.parse(await ground.read(record(1)))).toMatchObject({
      backlog_id: item(1).backlogId,
      title: 'Tidy the login',
      priority_rank: 0,
      acceptance_criteria: [],
      created_at: AT,
    });
    expect(await ground.read('shared_workspace/backlog.md')).toContain(
      '### Tidy the login\n\n- backlog_id: `backlog-20260324-00000001`\n- status: pending',
    );
  }));

it('writes a file once for many changes, and not at all when nothing in it changed', () =>
  Ground.with(async (ground) => {
    ground.record(added(item(1)), added(item(2)));
    for (let rank = 1; rank <= 50; rank += 1) await ground.dispatch({ type: 'rank-backlog-item', backlogId: item(1).backlogId, rank });
    await ground.projector.drain();
    expect(ground.writes.filter((path) => path === record(1))).toHaveLength(1);
    expect(ground.writes.filter((path) => path === 'shared_workspace/backlog.md')).toHaveLength(1);
    ground.writes.length = 0;
    await ground.projector.rebuild();
    expect(
      ground.writes.filter(
        (path) => path !== 'shared_workspace/completed_backlog.md' && !path.includes('todo.md') && !path.includes('sprint'),
      ),
    ).toEqual([]);
    ground.writes.length = 0;
    await ground.projector.rebuild();
    expect(ground.writes).toEqual([]);
  }));

it('renders one record for one change among three thousand', () =>
  Ground.with(async (ground) => {
    ground.record(...Array.from({ length: 3_000 }, (_unused, i) => added(item(i + 1))));
    await ground.projector.drain();
    ground.writes.length = 0;
    await ground.dispatch({ type: 'rank-backlog-item', backlogId: item(77).backlogId, rank: 3 });
    await ground.projector.drain();
    expect(ground.writes).toEqual([record(77), 'shared_workspace/backlog.md']);
  }));

it('writes records after 50 ms and growing views after 200 ms', () =>
  Ground.with(async (ground) => {
    ground.record(added(item(1)));
    ground.clock.advance(50);
    await expect.poll(() => ground.writes).toEqual([record(1)]);
    ground.clock.advance(150);
    await expect.poll(() => ground.writes).toEqual([record(1), 'shared_workspace/backlog.md', 'shared_workspace/completed_backlog.md']);
  }));

it('writes what a kill left out when it starts again, and appends no event line twice', () =>
  Ground.with(async (ground) => {
    ground.record(...sprintWith(2));
    await ground.projector.drain();
    ground.failing = (path) => path.endsWith('current_sprint.md') || path.endsWith('report.md');
    ground.record({ type: 'todo-started', todoId: todo(1).todoId });
    await ground.projector.drain();
    expect(await ground.read('shared_workspace/current_sprint.md')).not.toContain('- status: running\n- column');
    ground.failing = () => false;
    // A record that was durable and never reached the old projector.
    const seq = ground.records.length + 1;
    ground.records.push({ seq, at: AT, events: [{ type: 'todo-started', todoId: todo(2).todoId }] });
    await ground.begin();
    await ground.projector.rebuild();
    expect(await ground.read('shared_workspace/current_sprint.md')).toContain('- status: running\n- column');
    const lines = (await ground.read(events))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; n: number; type: string });
    expect(lines.map((line) => `${line.type} ${line.seq}.${line.n}`)).toEqual([
      'sprint_started 1.0',
      'todo_created 1.1',
      'todo_created 1.2',
      'todo_started 2.0',
      `todo_started ${seq}.0`,
    ]);
    await ground.begin();
    await ground.projector.rebuild();
    expect((await ground.read(events)).trimEnd().split('\n')).toHaveLength(5);
  }));

it('cuts a torn last line off an event file and writes it whole', () =>
  Ground.with(async (ground) => {
    ground.record(...sprintWith(1));
    await ground.projector.drain();
    const text = await ground.read(events);
    await writeFile(join(ground.dir, events), text.slice(0, -20));
    await rm(join(ground.dir, '.teams_runtime/projected.log'));
    await ground.begin();
    await ground.projector.rebuild();
    expect(await ground.read(events)).toBe(text);
  }));

it('puts the todos into the sprint record and the kickoff, word for word, into its folder', () =>
  Ground.with(async (ground) => {
    ground.record(...sprintWith(2));
    await ground.projector.drain();
    const saved = JSON.parse(await ground.read(`.teams_runtime/sprints/${sprint().sprintId}.json`)) as { todos: unknown[] };
    expect(saved).toMatchObject({
      sprint_id: sprint().sprintId,
      kickoff_requirements: ['No new dependency'],
      status: 'paused',
      ended_at: '',
    });
    expect(saved.todos).toMatchObject([{ todo_id: todo(1).todoId, owner_role: 'planner' }, { todo_id: todo(2).todoId }]);
    const kickoff = await ground.read(`${folder}/kickoff.md`);
    expect(kickoff).toContain('# Kickoff: Login cleanup');
    expect(kickoff).toContain('> Make the login boring.');
    ground.record({
      type: 'sprint-changed',
      sprintId: sprint().sprintId,
      changes: { milestoneTitle: 'Other' },
      why: 'revised',
      by: { kind: 'runtime', id: 'runtime' },
    });
    await ground.projector.drain();
    expect(await ground.read(`${folder}/kickoff.md`)).toBe(kickoff);
  }));

it('writes an authored document from its blob, each version', () =>
  Ground.with(async (ground) => {
    ground.record(...sprintWith(0));
    for (const text of ['# Plan 1\n', '# Plan 2\n']) {
      ground.record({
        type: 'document-authored',
        sprintId: sprint().sprintId,
        name: 'plan.md',
        sha256: await ground.blobs.put(text),
        by: 'planner',
      });
      await ground.projector.drain();
      expect(await ground.read(`${folder}/plan.md`)).toBe(text);
    }
    expect(ground.problems()).toEqual([]);
  }));

it('refuses to write through a planted link and says so', () =>
  Ground.with(async (ground) => {
    const outside = join(ground.dir, 'outside.txt');
    await writeFile(outside, 'mine');
    await mkdir(join(ground.dir, 'shared_workspace'));
    await symlink(outside, join(ground.dir, 'shared_workspace/backlog.md'));
    ground.record(added(item(1)));
    await ground.projector.drain();
    expect(await readFile(outside, 'utf8')).toBe('mine');
    expect(ground.problems()).toEqual([
      expect.stringMatching(/^Could not write .*backlog\.md: .*backlog\.md is a symbolic link\. Remove the link and try again\.$/),
    ]);
    await rm(join(ground.dir, 'shared_workspace/backlog.md'));
    ground.clock.advance(5_000);
    await ground.projector.drain();
    expect(await ground.read('shared_workspace/backlog.md')).toContain('Item 1');
    expect(ground.problems()).toEqual([]);
  }));

it('lists open work per role and takes it off the list of the role that handed it on', () =>
  Ground.with(async (ground) => {
    ground.record(...sprintWith(1), { type: 'todo-started', todoId: todo(1).todoId });
    await ground.projector.drain();
    expect(await ground.read('planner/todo.md')).toContain('`todo-090000-000001` Item 1 (running, planner\\_draft)'.replace('\\', ''));
    const workflow = { ...todo(1).workflow, phase: 'implementation', step: 'developer_build', owner: 'developer' } as const;
    ground.record({
      type: 'step-entered',
      todoId: todo(1).todoId,
      workflow,
      move: { kind: 'enter', row: 'x', step: 'developer_build', owner: 'developer', counts: [], category: '', source: '' },
    });
    await ground.projector.drain();
    expect(await ground.read('planner/todo.md')).toBe('# Open work of planner\n\nNothing is open.\n');
    expect(await ground.read('developer/todo.md')).toContain('Item 1 (running, developer_build)');
    expect(await ground.read('orchestrator/todo.md')).toContain('Item 1 (running, developer_build) → developer');
  }));
