import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunnerEvent } from '../../src/main/runtime/ports/runner.js';
import type { CliReader } from '../../src/main/runtime/runners/cli/cli-reader.js';
import { createJsonLines } from '../../src/main/runtime/runners/cli/json-lines.js';
import { nameCodexFailure } from '../../src/main/runtime/runners/codex/name-codex-failure.js';
import { createCodexReader, plainCommand } from '../../src/main/runtime/runners/codex/read-codex-lines.js';

/** Reads a recorded output, cut into pieces as a pipe would. */
function read(name: string): { readonly events: readonly RunnerEvent[]; readonly reader: CliReader } {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/cli-output', name), 'utf8');
  const reader = createCodexReader('/home/me/project');
  const events: RunnerEvent[] = [];
  const feed = createJsonLines((value) => void events.push(...reader.read(value)));
  for (let from = 0; from < text.length; from += 37) feed(text.slice(from, from + 37));
  return { events, reader };
}

describe('the lines of codex', () => {
  it('become events in the order in which things happened', () => {
    const { events, reader } = read('codex-works.jsonl');
    expect(events).toEqual([
      { type: 'session', sessionId: '01a1fd8a-0eba-7d63-858d-2e46ee626325' },
      { type: 'error', message: expect.stringContaining('Model metadata for `gpt-5.4` not found') as string },
      { type: 'reasoning', text: '**Looking** at the project' },
      { type: 'text', text: 'Looking around.' },
      { type: 'file-change', path: 'made.txt', change: 'added' },
      { type: 'command', command: 'echo one && echo two', exitCode: 0, output: 'one\ntwo\n' },
      { type: 'command', command: 'cat no-such-file', exitCode: 1, output: 'cat: no-such-file: No such file or directory\n' },
    ]);
    expect(reader).toMatchObject({
      sessionId: '01a1fd8a-0eba-7d63-858d-2e46ee626325',
      answer: '{"status":"completed","summary":"Done."}',
      failure: null,
      usage: { inputTokens: 200, cachedInputTokens: 80, outputTokens: 14 },
    });
  });

  it('tell a usage limit with the time at which it ends', () => {
    expect(read('codex-usage-limit.jsonl').reader).toMatchObject({
      answer: null,
      failure: { reason: 'rate-limited', detail: expect.stringContaining('try again at May 18th, 2033') as string },
    });
  });

  it('may be anything: what is not known is left out', () => {
    const reader = createCodexReader('/home/me/project');
    const odd = [
      {},
      { type: 'item.completed' },
      { type: 'item.completed', item: { type: 'todo_list', items: [] } },
      { type: 'turn.completed', usage: null },
    ];
    expect(odd.flatMap((value) => reader.read(value))).toEqual([]);
    expect(reader).toMatchObject({ answer: null, usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 } });
  });

  it('keep the path of a file outside of the checkout', () => {
    const change = { type: 'file_change', status: 'completed', changes: [{ path: '/home/me/other/a.md', kind: 'update' }] };
    expect(createCodexReader('/home/me/project').read({ type: 'item.completed', item: change })).toEqual([
      { type: 'file-change', path: '/home/me/other/a.md', change: 'modified' },
    ]);
  });

  it('show a command without the shell around it, where that can be told', () => {
    expect(plainCommand("/bin/bash -lc 'npm test -- --run'")).toBe('npm test -- --run');
    expect(plainCommand(`/bin/bash -lc "echo 'a'"`)).toBe(`/bin/bash -lc "echo 'a'"`);
    expect(plainCommand('npm test')).toBe('npm test');
  });

  it.each([
    ['Missing environment variable: `OPENAI_API_KEY`.', 'not-logged-in'],
    ['Your access token could not be refreshed. Please log out and sign in again.', 'not-logged-in'],
    ['unexpected status 401 Unauthorized: Missing bearer authentication', 'not-logged-in'],
    ['Quota exceeded. Check your plan and billing details.', 'rate-limited'],
    ['exceeded retry limit, last status: 429 Too Many Requests', 'rate-limited'],
    ['stream disconnected before completion', 'model-error'],
  ])('name the failure "%s": %s', (message, reason) => {
    expect(nameCodexFailure(message)).toEqual({ reason, detail: message });
  });
});
