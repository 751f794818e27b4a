import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessGuardian } from '../../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { Runner } from '../../../src/main/runtime/ports/runner.js';
import { createCodexRunner } from '../../../src/main/runtime/runners/codex/codex-runner.js';
import { FakeResponsesServer, responsesUsage } from '../../fakes/fake-responses-server.js';
import { cachedCli, makeHome } from '../../fixtures/cli-cache.js';
import { failureOf, surroundingsOf, TurnBench } from '../../fixtures/cli-turn.js';

const codex = await cachedCli('codex');
const bwrap = existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : null;

let bench: TurnBench;
let home: string;
let server: FakeResponsesServer;
let runner: Runner;

beforeEach(async () => {
  bench = new TurnBench();
  home = makeHome();
  server = await FakeResponsesServer.start(() => ({ say: 'Done.' }));
  runner = createCodexRunner({
    clock: new SystemClock(),
    surroundings: surroundingsOf(bwrap),
    guardian: await createProcessGuardian({ ledgerDir: join(bench.folder, 'ledger'), clock: new SystemClock(), bwrapPath: bwrap }),
    codexPath: codex.kind === 'ready' ? codex.path : null,
    homeDir: join(home, 'codex'),
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    extraConfig: server.config,
  });
});
afterEach(async () => {
  await server.close();
  bench.remove();
  rmSync(home, { recursive: true, force: true });
});

const turn = { turnId: `turn-interrupted${process.pid}` };
const interrupted = { ...turn, prompt: 'You were interrupted.' };
const said = (nth: number): string => JSON.stringify(server.requests[nth]?.body['input']);

/** Takes what was asked out of codex's own record, as when it was killed right after it had named the thread. */
function forgetTask(): void {
  const sessions = join(home, 'codex', 'sessions');
  const file = readdirSync(sessions, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('.jsonl'));
  const path = join(sessions, file ?? '');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.filter((line) => !line.includes('The whole task.')).join('\n'));
}

describe.skipIf(codex.kind !== 'ready')('a turn of the real codex that goes on after the runtime was killed', () => {
  it('is given its task again where codex had named the thread and kept nothing of the task', async () => {
    await bench.run(runner, { ...turn, prompt: 'The whole task.' });
    forgetTask();
    const again = await bench.run(runner, { ...interrupted, resumeSessionId: bench.sessionId });
    expect(failureOf(again)).toBe('answered: Done.');
    expect(said(1)).toMatch(/The whole task\.\\n\\nYou were interrupted\./);
    expect(new Set(bench.events.flatMap((event) => (event.type === 'session' ? [event.sessionId] : []))).size).toBe(1);
  });

  it('is told only that it was interrupted where its thread holds the task', async () => {
    await bench.run(runner, { ...turn, prompt: 'The whole task.' });
    await bench.run(runner, { ...interrupted, resumeSessionId: bench.sessionId });
    expect(said(1).match(/The whole task\./g)).toHaveLength(1);
    expect(said(1)).not.toContain('The whole task.\\n\\nYou were interrupted.');
  });

  it('counts what the attempt before it used, as nobody was told of that', async () => {
    await bench.run(runner, { ...turn, prompt: 'The whole task.' });
    const again = await bench.run(runner, { ...interrupted, toldAttempts: 0, resumeSessionId: bench.sessionId });
    expect(again.usage).toEqual({
      inputTokens: 2 * responsesUsage.input,
      cachedInputTokens: 2 * responsesUsage.cached,
      outputTokens: 2 * responsesUsage.output,
    });
  });
});
