import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { RunnerEvent, RunnerOutcome, TurnInput } from '../../src/main/runtime/ports/runner.js';
import { createRehearsalRunner } from '../../src/main/runtime/runners/rehearsal/rehearsal-runner.js';
import type { RehearsalInput } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';

type Turn = Omit<NonNullable<RehearsalInput['turns']>[number], 'when'>;

let folder: string;
let events: RunnerEvent[];
const at = (...parts: string[]): string => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster rehearsal-'));
  for (const part of ['checkout', 'session', 'turn']) mkdirSync(at(part));
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function play(rehearsal: string | Turn, speed = 1): Promise<RunnerOutcome> {
  const guardian = await createProcessGuardian({ ledgerDir: at('ledger'), clock: new SystemClock(), bwrapPath: null });
  const runner = createRehearsalRunner({
    guardian,
    speed,
    playerPath: join(import.meta.dirname, '../../resources/rehearsal-player.mjs'),
    env: { PATH: process.env['PATH'] ?? '' },
    rehearsal: typeof rehearsal === 'string' ? rehearsal : { version: 1, name: 'in code', turns: [{ when: {}, ...rehearsal }] },
  });
  const input: TurnInput = {
    turnId: 'turn-0123456789ab',
    attempt: 1,
    toldAttempts: 0,
    prompt: '',
    resumeSessionId: null,
    model: '',
    reasoning: '',
    reportSchema: {},
    timeLimitMs: 20_000,
    facts: { scope: 'todo', role: 'qa', member: 'qa', step: 'qa_validation', subject: 'Know days', revision: 2, visit: 3, purpose: 'work' },
    checkout: at('checkout'),
    sessionDir: at('session'),
    turnDir: at('turn'),
    loadout: { permissions: { allow: [], ask: [], deny: [] }, network: false, skills: [] },
  };
  return runner.run(input, (event) => void events.push(event), new AbortController().signal);
}

const messageOf = (outcome: RunnerOutcome): string => (outcome.kind === 'failed' ? `${outcome.reason}: ${outcome.message}` : 'answered');
const report = { summary: 'Done.' };

describe('a rehearsed turn', () => {
  it('edits the checkout and the documents of its session, and tells each change', async () => {
    writeFileSync(at('checkout/old.txt'), 'one two');
    writeFileSync(at('checkout/gone.txt'), '');
    const edits = [
      { replace: 'old.txt', find: 'two', with: 'three $&' },
      { delete: 'gone.txt' },
      { write: 'deep/new.txt', content: 'new' },
      { document: 'spec.md', content: '# Spec' },
    ];
    expect(messageOf(await play({ edits, report }))).toBe('answered');
    expect(readFileSync(at('checkout/old.txt'), 'utf8')).toBe('one three $&');
    expect(existsSync(at('checkout/gone.txt'))).toBe(false);
    expect(readFileSync(at('session/shared_workspace/spec.md'), 'utf8')).toBe('# Spec');
    expect(events.filter(({ type }) => type === 'file-change')).toEqual([
      { type: 'file-change', path: 'old.txt', change: 'modified' },
      { type: 'file-change', path: 'gone.txt', change: 'deleted' },
      { type: 'file-change', path: 'deep/new.txt', change: 'added' },
      { type: 'file-change', path: at('session/shared_workspace/spec.md'), change: 'added' },
    ]);
  });

  it('changes nothing when it is played again', async () => {
    writeFileSync(at('checkout/old.txt'), 'one\n');
    const edits = [
      { replace: 'old.txt', find: 'one\n', with: 'one\ntwo\n' },
      { write: 'new.txt', content: 'new' },
    ];
    await play({ edits, report });
    events = [];
    await play({ edits, report });
    expect(readFileSync(at('checkout/old.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(events.filter(({ type }) => type === 'file-change')).toEqual([]);
  });

  it('says which text it could not find', async () => {
    writeFileSync(at('checkout/old.txt'), 'something else');
    expect(messageOf(await play({ edits: [{ replace: 'old.txt', find: 'one', with: 'two' }], report }))).toBe(
      `crashed: The rehearsal of the qa's turn on "Know days" ended with exit code 1: Could not edit old.txt: it contains neither the text to replace nor the new one: "one". Its output is in ${at('turn')}.`,
    );
  });

  it('follows no link out of the checkout', async () => {
    mkdirSync(at('outside'));
    symlinkSync(at('outside'), at('checkout/link'));
    expect(messageOf(await play({ edits: [{ write: 'link/new.txt', content: 'x' }], report }))).toContain(
      'Could not edit link/new.txt: it leads out of',
    );
    expect(existsSync(at('outside/new.txt'))).toBe(false);
  });

  it('goes on after a failed command, unless it must pass', async () => {
    const commands: [string, ...string[]][] = [['node', '-e', 'console.log("red"); process.exit(3)'], ['no-such-program-here']];
    expect(messageOf(await play({ commands, report }))).toBe('answered');
    expect(events.filter(({ type }) => type === 'command')).toEqual([
      { type: 'command', command: 'node -e console.log("red"); process.exit(3)', exitCode: 3, output: 'red\n' },
      { type: 'command', command: 'no-such-program-here', exitCode: 127, output: expect.stringContaining('ENOENT') as string },
    ]);
    expect(messageOf(await play({ commands, must_pass: true, report }))).toContain('must pass and ended with 3');
  });

  it('reports with the role of the turn, and the tokens that it was given', async () => {
    const outcome = await play({ report: { summary: '{{subject}}, visit {{visit}}' }, usage: { input_tokens: 100, output_tokens: 7 } });
    expect(outcome).toMatchObject({ kind: 'answered', usage: { inputTokens: 100, cachedInputTokens: 0, outputTokens: 7 } });
    expect(outcome.kind === 'answered' && JSON.parse(outcome.text)).toMatchObject({
      role: 'qa',
      status: 'completed',
      summary: 'Know days, visit 3',
    });
  });

  it('takes its time, and none at speed 0', async () => {
    const started = performance.now();
    await play({ says: ['a', 'b'], duration_ms: 600, report });
    expect(performance.now() - started).toBeGreaterThan(590);
    const again = performance.now();
    await play({ says: ['a', 'b'], duration_ms: 60_000, report }, 0);
    expect(performance.now() - again).toBeLessThan(20_000);
  });
});

describe('a rehearsal file', () => {
  it('is named, with the turn, when it has no entry for it', async () => {
    writeFileSync(at('small.yaml'), 'version: 1\nname: Small\nturns:\n  - when: { role: planner }\n    answer: x\n');
    expect(messageOf(await play(at('small.yaml')))).toBe(
      `could-not-start: The rehearsal ${at('small.yaml')} has no entry for the qa at qa_validation of "Know days" (revision 2, visit 3). Add one, or run this role with another runner.`,
    );
  });

  it('uses the files that it extends, relative to itself', async () => {
    mkdirSync(at('more'));
    writeFileSync(at('top.yaml'), 'version: 1\nname: Top\nextends: [more/base.yaml]\n');
    writeFileSync(at('more/base.yaml'), 'version: 1\nname: Base\nturns:\n  - when: { role: qa }\n    answer: from the base\n');
    expect(await play(at('top.yaml'))).toMatchObject({ kind: 'answered', text: 'from the base' });
  });

  it('that is missing, broken or circular is a sentence', async () => {
    expect(messageOf(await play(at('missing.yaml')))).toMatch(
      /^could-not-start: Could not read the rehearsal .*missing\.yaml: ENOENT.*restore it\.$/,
    );
    writeFileSync(at('broken.yaml'), 'version: 1\nname: [\n');
    expect(messageOf(await play(at('broken.yaml')))).toMatch(
      /^could-not-start: Could not read the rehearsal .*broken\.yaml: .* Correct it and retry\.$/,
    );
    writeFileSync(at('circle.yaml'), 'version: 1\nname: Circle\nextends: [circle.yaml]\n');
    expect(messageOf(await play(at('circle.yaml')))).toBe(
      'could-not-start: Could not read the rehearsal Circle: its files extend each other more than 5 deep.',
    );
  });
});
