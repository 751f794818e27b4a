import { describe, expect, it } from 'vitest';
import type { TurnFacts } from '../../src/main/runtime/ports/runner.js';
import { createRunnerRegistry } from '../../src/main/runtime/runners/registry.js';
import { pickEntry } from '../../src/main/runtime/runners/rehearsal/pick-entry.js';
import { createPlayerLineReader } from '../../src/main/runtime/runners/rehearsal/player-lines.js';
import { rehearsalOf } from '../../src/main/runtime/runners/rehearsal/read-rehearsal.js';
import type { RehearsalInput } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';

const facts: TurnFacts = {
  scope: 'todo',
  role: 'developer',
  member: 'developer',
  step: 'developer_build',
  subject: 'Know days',
  revision: 1,
  visit: 2,
  purpose: 'work',
};
const named = (when: object, answer: string): NonNullable<RehearsalInput['turns']>[number] => ({ when, answer });
const picked = (turns: RehearsalInput['turns'], changes: Partial<TurnFacts> = {}): string | undefined =>
  pickEntry(rehearsalOf({ version: 1, name: 'test', turns }), { ...facts, ...changes })?.entry.answer;

describe('pickEntry', () => {
  const turns = [
    named({ role: 'developer', step: 'developer_build' }, 'step'),
    named({ role: 'developer', step: 'developer_build', subject: 'Know days' }, 'subject'),
    named({ role: 'developer', step: 'developer_build', subject: 'Know days', visit: 2 }, 'visit'),
    named({ role: 'developer', step: 'developer_build', subject: 'Know days', revision: 1 }, 'revision'),
  ];

  it('takes the most specific entry, and of equals the first', () => {
    expect(picked(turns)).toBe('visit');
    expect(picked(turns, { visit: 1 })).toBe('revision');
    expect(picked(turns, { visit: 1, revision: 2 })).toBe('subject');
    expect(picked(turns, { subject: 'Know weeks' })).toBe('step');
    expect(picked(turns, { role: 'qa' })).toBeUndefined();
  });

  it('uses what a rehearsal extends only where it has no entry of its own, however specific', () => {
    const own = rehearsalOf({ version: 1, name: 'own', turns: [named({ role: 'developer' }, 'own')] });
    const base = rehearsalOf({ version: 1, name: 'base', turns });
    const both = { ...own, layers: [...own.layers, ...base.layers] };
    expect(pickEntry(both, facts)?.entry.answer).toBe('own');
  });

  it("puts the turn's facts into its texts, as they are", () => {
    expect(picked([named({}, '{{subject}} at {{visit}}, {{unknown}}')], { subject: 'a $& "b"' })).toBe('a $& "b" at 2, {{unknown}}');
  });
});

describe('rehearsalOf', () => {
  it.each([
    [{ version: 2, name: 'x' }, 'Could not read the rehearsal x: version '],
    [
      { version: 1, name: 'x', turns: [{ when: {} }] },
      'turns.0 must end in exactly one way: report, answer, answer_bytes, never_ends or crash',
    ],
    [{ version: 1, name: 'x', turns: [{ when: {}, crash: true, answer: 'and more' }] }, 'must end in exactly one way'],
    [{ version: 1, name: 'x', turns: [{ when: { rôle: 'qa' }, crash: true }] }, 'turns.0.when'],
    [{ version: 1, name: 'x', turns: [{ when: {}, crash: true, edits: [{ write: '../up', content: '' }] }] }, 'turns.0.edits.0'],
  ])('says where %j is wrong', (input, message) => {
    expect(() => rehearsalOf(input as RehearsalInput)).toThrow(message);
  });
});

describe('createPlayerLineReader', () => {
  it('puts lines together again, wherever they were cut, and leaves out what is none', () => {
    const lines: unknown[] = [];
    const read = createPlayerLineReader((line) => lines.push(line));
    for (const char of '{"type":"text","text":"größer"}\nnoise\n{"type":"made-up"}\n{"type":"answer","text":"a\\nb"}\n') read(char);
    expect(lines).toEqual([
      { type: 'text', text: 'größer' },
      { type: 'answer', text: 'a\nb' },
    ]);
  });
});

describe('createRunnerRegistry', () => {
  const notRun = () => Promise.reject(new Error('not run'));
  const runner = (id: string) => ({ id, label: id, isRehearsal: true, run: notRun, untold: notRun });

  it('finds runners by id and lists them in order', () => {
    const registry = createRunnerRegistry([runner('rehearsal'), runner('codex')]);
    expect(registry.get('codex')?.label).toBe('codex');
    expect(registry.get('gemini')).toBeUndefined();
    expect(registry.list().map(({ id }) => id)).toEqual(['rehearsal', 'codex']);
  });

  it('refuses two of one id', () => {
    expect(() => createRunnerRegistry([runner('codex'), runner('codex')])).toThrow('Two runners have the id codex.');
  });
});
