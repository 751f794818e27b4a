import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunnerEvent } from '../../src/main/runtime/ports/runner.js';
import type { CliReader } from '../../src/main/runtime/runners/cli/cli-reader.js';
import { createJsonLines } from '../../src/main/runtime/runners/cli/json-lines.js';
import { createClaudeReader, nameClaudeFailure } from '../../src/main/runtime/runners/claude/read-claude-lines.js';

/** Reads the first `lines` of a recorded output. */
function read(name: string, lines = Infinity): { readonly events: readonly RunnerEvent[]; readonly reader: CliReader } {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/cli-output', name), 'utf8');
  const reader = createClaudeReader('/home/me/project');
  const events: RunnerEvent[] = [];
  const feed = createJsonLines((value) => void events.push(...reader.read(value)));
  for (const line of text.split('\n').slice(0, lines)) feed(`${line}\n`);
  return { events, reader };
}

describe('the lines of Claude Code', () => {
  it('become events in the order in which things happened', () => {
    const { events, reader } = read('claude-works.jsonl');
    expect(events).toEqual([
      { type: 'session', sessionId: '1f1caff8-313f-4345-b0f3-f3ec381680ee' },
      { type: 'reasoning', text: 'Where to begin' },
      { type: 'text', text: 'Looking around.' },
      { type: 'command', command: 'echo one && echo two', exitCode: 0, output: 'one\ntwo' },
      {
        type: 'command',
        command: 'cat no-such-file; exit 3',
        exitCode: 3,
        output: 'cat: no-such-file: No such file or directory',
      },
      { type: 'file-change', path: 'read.txt', change: 'modified' },
    ]);
    expect(reader).toMatchObject({
      answer: '{"status":"completed","summary":"Done."}',
      failure: null,
      usage: { inputTokens: 435, cachedInputTokens: 120, outputTokens: 21 },
    });
  });

  it('tell the tokens of a turn that was ended before its result', () => {
    expect(read('claude-works.jsonl', 12).reader).toMatchObject({ answer: null, usage: { inputTokens: 290, cachedInputTokens: 80 } });
  });

  it('tell a rate limit, and that it was tried again', () => {
    const { events, reader } = read('claude-rate-limit.jsonl');
    expect(events).toContainEqual({ type: 'error', message: "The model's service answered 429 (rate_limit); trying again (1 of 1)." });
    expect(reader.failure).toEqual({
      reason: 'rate-limited',
      detail: 'API Error: Request rejected (429) · This request would exceed your rate limit',
    });
  });

  it('may be anything: what is not known is left out', () => {
    const reader = createClaudeReader('/home/me/project');
    const odd = [{}, { type: 'assistant' }, { type: 'user', message: { content: 'text' } }, { type: 'system', subtype: 'new' }];
    expect(odd.flatMap((value) => reader.read(value))).toEqual([]);
  });

  it.each([
    [{ is_error: true, result: "You've hit your session limit · resets 3pm" }, 'rate-limited'],
    [{ is_error: true, result: 'Credit balance is too low' }, 'rate-limited'],
    [{ is_error: true, result: 'Not logged in · Please run /login' }, 'not-logged-in'],
    [{ is_error: true, result: 'OAuth token has expired' }, 'not-logged-in'],
    [{ is_error: true, subtype: 'error_during_execution', errors: ['it fell over'] }, 'model-error'],
  ])('name the failure of %j: %s', (result, reason) => {
    expect(nameClaudeFailure(result).reason).toBe(reason);
  });
});
