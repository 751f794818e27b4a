import { describe, expect, it } from 'vitest';
import { eventWords } from '../../../src/main/runtime/views-live.js';
import type { Problem } from '../../../src/shared/domain/state.js';
import { DomainStage, lead, runtime } from './domain-stage.js';

const at = '2026-03-24T09:00:00.000Z';
const found = (problem: Partial<Problem> = {}): Problem => ({
  problemId: 'watch:a',
  path: 'a',
  reason: 'It cannot be watched.',
  at,
  ...problem,
});

describe('a problem', () => {
  it('is taken off the list by a person, whose name stands with it, and comes back when it is still true', () => {
    const stage = new DomainStage();
    stage.do({ type: 'report-problem', problem: found() }, runtime);
    const events = stage.do({ type: 'dismiss-problem', problemId: 'watch:a' }, lead);
    expect(events).toEqual([{ type: 'problem-cleared', problemId: 'watch:a', path: 'a', by: lead }]);
    expect(events.map((event) => eventWords(event, stage.state))).toEqual(['Dismissed by lead (window): watch:a.']);
    expect(stage.state.problems).toEqual({});
    stage.do({ type: 'report-problem', problem: found() }, runtime);
    expect(Object.keys(stage.state.problems)).toEqual(['watch:a']);
  });

  it('that is not on the list cannot be dismissed', () => {
    expect(new DomainStage().refused({ type: 'dismiss-problem', problemId: 'watch:b' }, lead)).toEqual({
      id: 'unknown-id',
      message: 'There is no problem watch:b. `muster status` lists them with their ids.',
    });
  });

  it('that the runtime mended is said to be mended', () => {
    const stage = new DomainStage();
    stage.do({ type: 'report-problem', problem: found() }, runtime);
    const events = stage.do({ type: 'clear-problem', problemId: 'watch:a' }, runtime);
    expect(events.map((event) => eventWords(event, stage.state))).toEqual(['Mended: a.']);
  });

  it('is told once, until its words or the file that it stands with change', () => {
    const stage = new DomainStage();
    const tell = (problem: Problem): number => stage.do({ type: 'report-problem', problem }, runtime).length;
    expect([tell(found()), tell(found()), tell(found({ standsWith: 'kept/a' })), tell(found({ standsWith: 'kept/a' }))]).toEqual([
      1, 0, 1, 0,
    ]);
  });
});
