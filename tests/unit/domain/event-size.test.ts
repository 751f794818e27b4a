import { describe, expect, it } from 'vitest';
import { maxCommandBytes } from '../../../src/shared/domain/decide/decide.js';
import { shortenedNote } from '../../../src/shared/domain/decide/report-digest.js';
import { maxItemBytes } from '../../../src/shared/domain/report.js';
import type { Report, ReportProposals } from '../../../src/shared/domain/report.js';
import { fitted, jsonBytes } from '../../../src/shared/domain/text-size.js';
import type { Event } from '../../../src/shared/domain/vocabulary.js';
import { DomainStage } from './domain-stage.js';
import { item, qa, report, reported, transition } from './report-shapes.js';
import { plan, plannedSprint, playToStep, startSprint } from './sprint-play.js';

const eventBytes = 16 * 1024;
const bytesOf = (event: Event): number => Buffer.byteLength(JSON.stringify(event));
const largest = (events: readonly Event[]): number => Math.max(...events.map(bytesOf));

/** Texts as long as the contract of reports allows: letters, and what JSON and UTF-8 make longest. */
const texts = ['x'.repeat(20_000), '\u0001'.repeat(20_000), '"\\'.repeat(10_000), '試'.repeat(20_000), '👩🏽‍🚀'.repeat(2_500)] as const;
const many = (text: string): string[] => Array.from({ length: 40 }, () => text);

const longReport = (role: string, text: string, changes: Partial<Report> = {}, proposals: Partial<ReportProposals> = {}): Report =>
  report(
    role,
    { summary: text, insights: many(text), artifacts: many(text), error: text, validationNotes: many(text), ...changes },
    {
      requiredInputs: many(text),
      blockedReason: text,
      workflowTransition: transition({ outcome: 'advance', targetStep: 'architect_review', reason: text, unresolvedItems: many(text) }),
      qaValidation: { ...qa('fail'), findings: many(text) },
      ...proposals,
    },
  );

function atBuild(): DomainStage {
  const stage = new DomainStage();
  plannedSprint(stage, [item('Login')]);
  playToStep(stage, 'Login', 'developer_build');
  return stage;
}

describe('an event of the journal', () => {
  it.each(texts)('stays under 16 KB whatever a report says, and says that it is shortened (%#)', (text) => {
    for (const outcomeSaid of ['advance', 'block'] as const) {
      const stage = atBuild();
      const steps = { outcome: outcomeSaid, targetStep: 'architect_review', reason: text, unresolvedItems: many(text) } as const;
      const said = longReport('developer', text, {}, { workflowTransition: transition(steps) });
      const outcome = { ...reported(said), notes: many(text) };
      const events = stage.endTurn(stage.only('run-turn'), outcome);
      expect(largest(events)).toBeLessThan(eventBytes);
      const digest = stage.todo('Login').reports.at(-1);
      expect(digest?.notes[0]).toBe(shortenedNote);
      expect(digest?.reportSha256).toMatch(/./);
      expect(digest?.summary).toMatch(/ …$/);
      expect(digest?.insights.at(-1)).toMatch(/^… and \d+ more$/);
      expect(stage.todo('Login').status).toBe(outcomeSaid === 'block' ? 'blocked' : 'running');
    }
  });

  it('holds the report as it was said where that is short enough', () => {
    const stage = atBuild();
    const said = { summary: 'y'.repeat(3_000), insights: ['One.', 'Two.'] };
    const steps = { workflowTransition: transition({ outcome: 'advance', targetStep: 'architect_review' }) };
    stage.endTurn(stage.only('run-turn'), reported(report('developer', said, steps)));
    expect(stage.todo('Login').reports.at(-1)).toMatchObject({ ...said, notes: [] });
  });

  it('stays under 16 KB where a plan or a request stops with all that its report says', () => {
    const stage = new DomainStage();
    startSprint(stage);
    const planned = reported(longReport('planner', texts[0], { status: 'blocked' }));
    expect(largest(stage.endTurn(stage.only('run-turn'), planned))).toBeLessThan(eventBytes);
    const asked = new DomainStage();
    asked.do({ type: 'submit-request', text: 'Please look.' });
    const answered = reported(longReport('orchestrator', texts[0], { status: 'blocked' }));
    expect(largest(asked.endTurn(asked.only('run-turn'), answered))).toBeLessThan(eventBytes);
  });

  it('returns a plan whose item is too long to stand in one, and keeps each that is not whole', () => {
    const stage = new DomainStage();
    startSprint(stage);
    plan(stage);
    plan(stage);
    const events = plan(stage, [item('Long', { summary: 'x'.repeat(maxItemBytes) })]);
    expect(events.find(({ type }) => type === 'report-returned')).toMatchObject({
      problems: [
        `The backlog item "Long" is longer than ${maxItemBytes} bytes. Say it shorter, or put the detail into a planning document and name that.`,
      ],
    });
    const room = maxItemBytes - jsonBytes(item('Fits', { summary: '' }));
    const kept = plan(stage, [item('Fits', { summary: 'x'.repeat(room) })]);
    expect(largest(kept)).toBeLessThan(eventBytes);
    expect(Object.values(stage.state.backlog).map(({ summary }) => summary.length)).toEqual([room]);
  });

  it('keeps the words of a person whole, up to the limit that is said where it is passed', () => {
    const stage = new DomainStage();
    const given = (length: number) => ({ type: 'add-backlog-item', fields: { title: 'Login', summary: 'x'.repeat(length) } }) as const;
    const room = maxCommandBytes - jsonBytes(given(0));
    expect(stage.refused(given(room + 1))).toEqual({
      id: 'bad-input',
      message: `Could not take add-backlog-item: its texts come to ${maxCommandBytes + 1} bytes, and ${maxCommandBytes} are kept at most. Put long material into a file of the project and name the file.`,
    });
    stage.do(given(room));
    expect(Object.values(stage.state.backlog)[0]?.summary).toHaveLength(room);
  });
});

describe('fitted', () => {
  it('leaves what fits as it is, and counts bytes as JSON takes them', () => {
    const value = { text: 'short', list: ['a'] };
    expect(fitted(value, 100)).toBe(value);
    for (const text of texts) expect(jsonBytes(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
  });
});
