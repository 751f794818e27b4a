import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/main/cli/command-table.js';
import { commandMethods } from '../../../src/shared/contract/command-schemas.js';
import { err } from '../../../src/shared/kernel/result.js';
import type { Closeout, Todo } from '../../../src/shared/domain/state.js';
import { MemoryRuntime } from '../../fakes/memory-runtime.js';
import { landedTodo, revertedTodo, sampleReceipt, sampleRevision, sampleTodo, sampleTurn, stateWith } from '../../fakes/sample-todo.js';
import { ScriptedTerminal } from '../../fakes/scripted-places.js';

const accepted = 'Accepted; runs when Muster runs (`muster run`).\n';
const id = 'todo-090000-000001';

let dir = '';
let runtime: MemoryRuntime;
let terminal: ScriptedTerminal;

const use = (...todos: readonly Todo[]): void => {
  runtime = new MemoryRuntime(stateWith(...todos));
  terminal = new ScriptedTerminal(runtime, dir);
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(dir, 'team_runtime.yaml'), '');
  await writeFile(join(dir, 'discord_agents_config.yaml'), '');
  use(landedTodo(), sampleTodo({ todoId: 'todo-090001-000002', title: 'Format weeks', isHeld: true }));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the table of commands', () => {
  it('gives every command of a person at least one way in', () => {
    const given = new Set(commandTable.flatMap(({ gives = [] }) => gives));
    expect([...given].sort()).toEqual(Object.keys(commandMethods).sort());
  });

  it('guards every command that acts in a name, and only those', () => {
    for (const { path, gives, isPersons } of commandTable) if (gives) expect([path, isPersons]).toEqual([path, true]);
    const looks = commandTable.filter(({ isPersons }) => isPersons !== true).map(({ path }) => path.join(' '));
    expect(looks.sort()).toEqual([
      'action list',
      'action show',
      'audit',
      'backlog',
      'backlog list',
      'board',
      'demo',
      'doctor',
      'init',
      'list',
      'show',
      'sprint status',
      'status',
    ]);
  });
});

describe('asking', () => {
  it('wrongly ends with 2 and a hint, and never with a stack trace', async () => {
    for (const words of [
      ['bogus'],
      ['board', '--bogus'],
      ['show'],
      ['request-changes', id],
      ['backlog', 'rank', 'x', 'first'],
      ['reorder', id, 'up'],
    ]) {
      const { code, err: said } = await terminal.run(...words);
      expect([words, code]).toEqual([words, 2]);
      expect(said).not.toMatch(/^ +at /m);
      expect(said).not.toBe('');
    }
  });

  it('for help ends with 0 and names the commands', async () => {
    const { code, out } = await terminal.run('--help');
    expect(code).toBe(0);
    for (const word of ['approve', 'request-changes', 'stop-all', 'sprint', 'doctor']) expect(out).toContain(word);
  });

  it('where no workspace is ends with 1 and says how to get one', async () => {
    const { code, err: said } = await terminal.run('board', '--workspace-root', join(dir, 'none'));
    expect(code).toBe(1);
    expect(said).toBe(
      `There is no workspace at ${join(dir, 'none')}. Run \`muster init\` to make one, or name another with --workspace-root.\n`,
    );
  });

  it('takes the workspace before the command as well as after it', async () => {
    terminal = new ScriptedTerminal(runtime, tmpdir());
    expect((await terminal.run('--workspace-root', dir, 'board')).code).toBe(0);
    expect((await terminal.run('board', '--workspace-root', dir)).code).toBe(0);
  });

  it('for something that fails says a sentence, and the stack only with MUSTER_DEBUG', async () => {
    terminal.changes = { loadState: () => Promise.reject(new Error('the disk is on fire.')) };
    expect((await terminal.run('board')).err).toBe('Could not do that: the disk is on fire.\n');
    terminal.changes = { ...terminal.changes, env: { MUSTER_DEBUG: '1' } };
    expect((await terminal.run('board')).err).toMatch(/^ +at /m);
  });
});

describe('going on with a sprint', () => {
  it('in which nothing can go on by itself says what is needed instead', async () => {
    const reason = 'Which week?';
    const blocker = { at: '2026-03-24T09:00:00.000Z', reason, byRole: 'planner', kind: 'role', requiredInputs: [], logs: [] } as const;
    use(sampleTodo({ status: 'blocked', startedAt: blocker.at, blocker: { ...blocker, requiredInputs: [], logs: [] } }));
    const { sprints, activeSprintId } = runtime.state();
    const sprint = sprints[activeSprintId ?? ''];
    if (sprint) sprint.status = 'paused';
    expect((await terminal.run('sprint', 'resume')).out).toBe(
      `Nothing goes on by itself. A person is needed: ${id} "Parse weeks" (Which week?). Retry, answer or cancel them, or stop the sprint.\n${accepted}`,
    );
  });
});

describe('looking', () => {
  it('prints the board for scripts in the shape that they rely on', async () => {
    const board = JSON.parse((await terminal.run('board', '--json')).out) as Record<string, unknown>;
    expect(board).toMatchObject({
      columns: [
        {
          id: 'todo',
          cards: [{ id: 'todo-090001-000002', title: 'Format weeks', badges: ['held'], waiting_for: 'waits for you: start it' }],
        },
        { id: 'in_progress', cards: [] },
        { id: 'review', cards: [] },
        {
          id: 'done',
          cards: [{ id, title: 'Parse weeks', badges: ['with_gaps'], waiting_for: 'waits for you: approve it or request changes' }],
        },
        { id: 'approved', cards: [] },
      ],
      problems: [],
    });
  });

  it('takes no lock', async () => {
    for (const words of [['board'], ['status'], ['list'], ['backlog'], ['sprint', 'status'], ['show', id]])
      expect((await terminal.run(...words)).code).toBe(0);
    expect(terminal.opened).toBe(0);
  });

  it('tells everything about a card: its place, who is next, the receipt in words, and the exact next commands', async () => {
    runtime.state().turns['turn-000000000001'] = sampleTurn({ status: 'ended', outcome: 'report' });
    const { out } = await terminal.run('show', id);
    expect(out).toContain('Column        DONE\n');
    expect(out).toContain('Next          waits for you: approve it or request changes\n');
    expect(out).toContain(
      'developer  developer build  rehearsal (a script, not an agent)  report  120 tokens  prompt developer_build@1, 1 KiB\n',
    );
    expect(out).toContain('tokens (developer 120)');
    expect(out).toContain('  Receipt: verified with gaps (2026-03-24 09:30:00, by the program, not by the agent)\n');
    expect(out).toContain('    tests  npm test  exit 0, on the base exit 0  1.2 s  tried again 1 time\n');
    expect(out).toContain('    Gap: tests passed only when tried again (1).\n');
    expect(out).toContain(`  muster approve ${id}`);
    expect(out).toContain(`  muster request-changes ${id} --comment "…"`);
    expect(out).not.toContain('muster take-back');
  });

  it('says what is wrong with an id that stands for nothing', async () => {
    const { code, err: said } = await terminal.run('show', 'todo-x');
    expect(code).toBe(1);
    expect(said).toBe(
      'There is no todo, request, backlog item or sprint todo-x. `muster board`, `muster backlog` and `muster list` name them.\n',
    );
  });

  it('spells out what would steer the terminal, in words and in data', async () => {
    use(landedTodo({ title: 'Evil \u001b]0;owned\u0007 \u009b31m title', summary: 'a\u202eb' }));
    const { out } = await terminal.run('show', id);
    expect(out).toContain('Evil \\u001b]0;owned\\u0007 \\u009b31m title');
    expect(out).toContain('a\\u202eb');
    const json = (await terminal.run('show', id, '--json')).out;
    expect(json).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
    expect((JSON.parse(json) as { card: { title: string } }).card.title).toContain('\u009b31m');
  });

  it('gives status of one role, the sprint, the backlog or one request where that is asked', async () => {
    expect((await terminal.run('status', '--backlog')).out).toBe(
      'backlog_pending=0 backlog_selected=0 backlog_blocked=0 backlog_done=0 backlog_carried_over=0\n',
    );
    expect((await terminal.run('status', '--agent', 'qa')).out).toBe(
      'qa  idle  -  runner=codex  model=gpt-5.4  reasoning=medium  session=N/A\n',
    );
    expect((await terminal.run('status', '--sprint')).out).toContain('Durations  260324-Sprint-09-00');
    expect((await terminal.run('status', '--request-id', 'none')).code).toBe(1);
    use();
    runtime.state().activeSprintId = null;
    runtime.state().sprints = {};
    expect((await terminal.run('sprint', 'status')).code).toBe(1);
  });
});

describe('changing', () => {
  it('approves the revision that stands, in the name of the person at the terminal', async () => {
    expect(await terminal.run('approve', id, '--comment', 'good')).toEqual({
      code: 0,
      out: `Ann approved ${id} "Parse weeks", revision 1.\n${accepted}`,
      err: '',
    });
    expect(runtime.origins[0]?.actor).toEqual({ kind: 'person', id: 'Ann', via: 'cli' });
    expect(runtime.state().todos[id]?.revisions[0]?.verdicts).toMatchObject([{ kind: 'approved', comment: 'good', by: { id: 'Ann' } }]);
    expect(runtime.isStopped).toBe(true);
  });

  it('acts under another name with --as', async () => {
    await terminal.run('approve', id, '--as', 'Beth');
    expect(runtime.origins[0]?.actor.id).toBe('Beth');
  });

  it('refuses a verdict on an older revision than stands', async () => {
    const { code, err: said } = await terminal.run('approve', id, '--revision', '2');
    expect(code).toBe(1);
    expect(said).toBe(`The card changed since you looked: ${id} "Parse weeks" is at revision 1, not 2. Look at it again.\n`);
  });

  it('never takes a command from below a turn for a person', async () => {
    terminal.changes = { turnAbove: () => Promise.resolve('turn-000000000001') };
    for (const words of [
      ['approve', id],
      ['stop-all'],
      ['trust', '--yes'],
      ['run'],
      ['journal', 'repair', '--apply'],
      ['request', 'approve', 'everything'],
    ]) {
      const { code, err: said } = await terminal.run(...words);
      expect([words, code]).toEqual([words, 1]);
      expect(said).toContain('a turn is never a person');
    }
    expect(terminal.opened).toBe(0);
    expect((await terminal.run('board')).code).toBe(0);
  });

  it('answers scripts with the sequence number, the ids that were made, and whether it runs now', async () => {
    const { code, out } = await terminal.run(
      'backlog',
      'add',
      'Know',
      'weeks',
      '--criterion',
      'a',
      '--criterion',
      'b',
      '--rank',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    const answer = JSON.parse(out) as { created_ids: string[] };
    expect(answer).toMatchObject({ seq: 1, events: ['backlog-item-added'], runs_now: false });
    expect(runtime.state().backlog[answer.created_ids[0] ?? '']).toMatchObject({
      title: 'Know weeks',
      acceptanceCriteria: ['a', 'b'],
      priorityRank: 2,
      source: 'user',
    });
  });

  it('edits, ranks and drops backlog items', async () => {
    use();
    await terminal.run('backlog', 'add', 'Weeks');
    const itemId = Object.keys(runtime.state().backlog)[0] ?? '';
    expect((await terminal.run('backlog', 'edit', itemId)).code).toBe(2);
    expect((await terminal.run('backlog', 'edit', itemId, '--title', 'Weeks and days')).out).toBe(`${itemId} is changed.\n${accepted}`);
    expect((await terminal.run('backlog', 'rank', itemId, '3')).out).toBe(`${itemId} has the rank 3.\n${accepted}`);
    expect((await terminal.run('backlog')).out).toBe(
      `id${' '.repeat(itemId.length)}rank  status   kind         title\n${itemId}  #3    pending  enhancement  Weeks and days\n`,
    );
    expect((await terminal.run('backlog', 'drop', itemId, '--reason', 'not now')).out).toBe(`${itemId} is dropped.\n${accepted}`);
    expect((await terminal.run('show', itemId)).out).toContain('Status  dropped: not now');
  });

  it('takes requests, shows them and cancels them', async () => {
    const { out } = await terminal.run('request', 'please', 'add', 'weeks');
    const requestId = Object.keys(runtime.state().requests)[0] ?? '';
    expect(out).toBe(`Request ${requestId} is taken. \`muster show ${requestId}\` tells what becomes of it.\n${accepted}`);
    expect((await terminal.run('show', requestId)).out).toContain('please add weeks');
    expect((await terminal.run('cancel', requestId)).out).toBe(`Request ${requestId} is cancelled.\n${accepted}`);
  });

  it('starts a sprint with its brief and requirements, stops everything and goes on', async () => {
    runtime = new MemoryRuntime();
    terminal = new ScriptedTerminal(runtime, dir);
    const started = await terminal.run(
      'sprint',
      'start',
      '--milestone',
      'Durations',
      '--brief',
      'b',
      '--requirement',
      'r1',
      '--requirement',
      'r2',
    );
    expect(started.out).toBe(`Sprint 260324-Sprint-09-00 "Durations" is started.\n${accepted}`);
    expect(runtime.state().sprints['260324-Sprint-09-00']).toMatchObject({ brief: 'b', requirements: ['r1', 'r2'] });
    expect((await terminal.run('stop-all')).out).toBe(`Everything is stopped. \`muster sprint resume\` goes on.\n${accepted}`);
    expect((await terminal.run('stop-all')).err).toBe('Everything is stopped already: Stopped by Ann.\n');
    expect((await terminal.run('sprint', 'resume')).out).toBe(`Work goes on.\n${accepted}`);
    expect((await terminal.run('sprint', 'stop')).code).toBe(0);
  });

  it('sends cards back, takes verdicts back, asks for reviews and withdraws them', async () => {
    expect((await terminal.run('ask-for-review', id)).out).toContain(`Ann asked for a review of ${id}`);
    expect((await terminal.run('board')).out).toContain('[waits for a person]');
    expect((await terminal.run('withdraw-review', id)).code).toBe(0);
    await terminal.run('approve', id);
    expect((await terminal.run('take-back', id)).out).toContain(`Ann took back the approval of ${id}`);
    expect((await terminal.run('request-changes', id, '--comment', 'also days')).out).toContain(
      `Ann asked for changes on ${id} "Parse weeks", revision 1.`,
    );
    expect(runtime.state().todos[id]?.revision).toBe(2);
  });

  it('lets a red verification pass with a reason, and says where nothing is red', async () => {
    expect((await terminal.run('override', id, '--reason', 'x')).err).toBe(
      `There is nothing to override on ${id} "Parse weeks": it is not blocked by a red verification.\n`,
    );
    const closeoutId = 'closeout-1';
    const closeout: Closeout = {
      ...{
        closeoutId,
        stage: 'verify',
        commit: 'b',
        tree: 'c',
        rebased: 'b',
        onto: 'a',
        patchId: 'd',
        tipMoves: 0,
        paths: [],
        waiting: null,
      },
    };
    const commands = sampleReceipt().commands.map((command) => ({ ...command, exitCode: 1 }));
    const receipt = sampleReceipt({ closeoutId, commands });
    use(landedTodo({ status: 'blocked', revisions: [sampleRevision({ closeout, receipt })] }));
    expect((await terminal.run('override', id)).code).toBe(2);
    expect((await terminal.run('override', id, '--reason', 'the clock is wrong')).out).toBe(
      `Ann let the red verification of ${id} "Parse weeks", revision 1, pass.\n${accepted}`,
    );
    expect(runtime.state().todos[id]).toMatchObject({
      status: 'running',
      revisions: [{ closeout: { override: { by: 'Ann', reason: 'the clock is wrong', commands: ['tests'] } } }],
    });
  });

  const inRepository = (todo: Todo): void => {
    use(todo);
    const sprint = runtime.state().sprints[todo.sprintId];
    if (sprint) sprint.terms = { ...sprint.terms, kind: 'repository', isolation: 'worktree', targetRef: 'refs/heads/main' };
  };

  it('has a commit undone with a reason, and says why it cannot', async () => {
    expect((await terminal.run('revert', id, '--comment', 'It broke the shop.')).err).toBe(
      `Could not revert ${id} "Parse weeks": the project has no repository, so there is no commit to undo.\n`,
    );
    inRepository(landedTodo());
    expect((await terminal.run('show', id)).out).toContain(`  muster revert ${id} --comment "…"`);
    expect((await terminal.run('revert', id)).code).toBe(2);
    expect((await terminal.run('revert', id, '--comment', 'It broke the shop.')).out).toBe(
      `Ann has ${id} "Parse weeks", revision 1, reverted: a commit that undoes it is on its way to the target.\n${accepted}`,
    );
    expect(await terminal.run('approve', id)).toMatchObject({
      code: 1,
      err: `${id} "Parse weeks" is being reverted. Wait until that is done.\n`,
    });
  });

  it('shows who had it reverted, with both commits and the receipt of the revert, and offers no verdict on it', async () => {
    inRepository(revertedTodo());
    const { out } = await terminal.run('show', id);
    expect(out).toContain('Next          nothing: it was reverted\n');
    expect(out).toContain('reverted (Reverted by Ann, commit eeeeeeeeeeee undoes bbbbbbbbbbbb: It broke the shop.)');
    expect(out).toContain('  Reverted by Ann (2026-03-24 09:40:00): It broke the shop.\n');
    expect(out).toContain(`  Commit ${'e'.repeat(40)} undoes ${'b'.repeat(40)} on the target branch\n`);
    expect(out).toContain('  Receipt of the revert: verified with gaps (2026-03-24 09:41:00, by the program, not by the agent)\n');
    expect(out).toMatch(/09:40:00 +Ann \(cli\) +had commit bbbbbbbbbbbb of revision 1 reverted: It broke the shop\./);
    expect(out).toMatch(/09:42:00 +the program +Commit eeeeeeeeeeee undoes bbbbbbbbbbbb on the target\./);
    expect(out).not.toContain(`muster approve ${id}`);
    expect((await terminal.run('revert', id, '--comment', 'Again.')).err).toContain('was reverted: the target does not hold it any more.');
  });

  it('tells of a revert that stands still, and gives it up', async () => {
    const reason = 'Could not revert it: src/parse.js was changed since.';
    const blocker = {
      at: '2026-03-24T09:41:00.000Z',
      reason,
      byRole: 'version_controller',
      kind: 'git',
      requiredInputs: [],
      logs: [],
    } as const;
    inRepository(revertedTodo({ revertedAt: null, blocker: { ...blocker, requiredInputs: [], logs: [] }, receipt: null }));
    expect((await terminal.run('show', id)).out).toContain(`Next          waits for you: ${reason}\n`);
    expect((await terminal.run('show', id)).out).toContain('give the revert up');
    expect((await terminal.run('cancel', id)).out).toBe(`The revert of ${id} "Parse weeks" is given up; its commit stays.\n${accepted}`);
    expect((await terminal.run('show', id)).out).toContain('Next          waits for you: approve it or request changes\n');
  });

  it('says who has a workspace that cannot be opened', async () => {
    terminal.changes = { openRuntime: () => Promise.resolve(err({ kind: 'damaged', message: 'Line 7 of the journal is damaged.' })) };
    expect(await terminal.run('approve', id)).toEqual({ code: 1, out: '', err: 'Line 7 of the journal is damaged.\n' });
  });
});
