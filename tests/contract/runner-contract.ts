import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Runner, RunnerEvent, RunnerOutcome, TurnInput } from '../../src/main/runtime/ports/runner.js';
import { livingProcesses, untilTrue } from '../fixtures/living-processes.js';

/** What the runner's agent is to do in the turn of a test. */
export type Scenario =
  /** Says `Looking around.`, runs `echo rehearsed-command`, writes `made.txt` and answers `{"status":"completed","summary":"Done."}`. */
  | 'works'
  /** Answers `I think it went well.` */
  | 'prose'
  /** Answers with 2,000,000 characters. */
  | 'long-answer'
  /** Answers with far more than is read. */
  | 'endless-answer'
  /** Says `Waiting.`, starts a daemon that ignores SIGTERM, and never ends. */
  | 'never-ends'
  /** Starts a daemon that ignores SIGTERM, and answers. */
  | 'leaves-daemon'
  | 'crashes'
  | 'cannot-start';

/** A runner whose agent does what the scenario says; `folder` is for its own files. */
export type RunnerFactory = (scenario: Scenario, folder: string) => Promise<Runner>;

/** What every runner promises, whatever speaks behind it. */
export function describeRunner(name: string, makeRunner: RunnerFactory): void {
  describe(`the runner ${name}`, () => {
    let folder: string;
    let events: RunnerEvent[];
    let turns = 0;

    beforeEach(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster runner-')));
      for (const part of ['checkout', 'session', 'turn', 'own']) mkdirSync(join(folder, part));
      events = [];
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const inputOf = (more: Partial<TurnInput> = {}): TurnInput => ({
      turnId: `turn-contract${process.pid}${(turns += 1)}`,
      attempt: 1,
      toldAttempts: 0,
      facts: {
        scope: 'todo',
        role: 'developer',
        member: 'developer',
        step: 'developer_build',
        subject: 'Read weeks',
        revision: 1,
        visit: 1,
        purpose: 'work',
      },
      prompt: 'Build it.',
      resumeSessionId: null,
      checkout: join(folder, 'checkout'),
      sessionDir: join(folder, 'session'),
      turnDir: join(folder, 'turn'),
      model: 'any',
      reasoning: 'low',
      reportSchema: {},
      loadout: { permissions: { allow: [], ask: [], deny: [] }, network: false, skills: [] },
      timeLimitMs: 30_000,
      ...more,
    });

    const run = async (
      scenario: Scenario,
      more: Partial<TurnInput> = {},
      signal = new AbortController().signal,
    ): Promise<RunnerOutcome> => {
      const runner = await makeRunner(scenario, join(folder, 'own'));
      return runner.run(inputOf(more), (event) => void events.push(event), signal);
    };
    const sessionIds = (): string[] => events.flatMap((event) => (event.type === 'session' ? [event.sessionId] : []));
    const nothingIsLeft = (): Promise<number> => untilTrue(() => livingProcesses(folder).length === 0, 2_000);

    it('tells process and session before anything else, and answers with the last words', async () => {
      const outcome = await run('works');
      expect(outcome).toMatchObject({ kind: 'answered' });
      expect(outcome.kind === 'answered' && JSON.parse(outcome.text)).toMatchObject({ status: 'completed', summary: 'Done.' });
      expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['spawned', 'session']);
      expect(sessionIds()[0]).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('streams what is said, run and changed', async () => {
      await run('works');
      expect(events).toContainEqual({ type: 'text', text: 'Looking around.' });
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'command',
          command: expect.stringContaining('echo rehearsed-command') as string,
          exitCode: 0,
          output: expect.stringContaining('rehearsed-command') as string,
        }),
      );
      expect(events).toContainEqual({ type: 'file-change', path: 'made.txt', change: 'added' });
      expect(statSync(join(folder, 'checkout/made.txt')).isFile()).toBe(true);
    });

    it('finds what an attempt used that nobody was told of, and nothing of one that was told', async () => {
      const runner = await makeRunner('works', join(folder, 'own'));
      const { turnId, turnDir } = inputOf();
      const outcome = await runner.run(inputOf({ turnId }), (event) => void events.push(event), new AbortController().signal);
      const attempts = { turnId, turnDir, sessionId: sessionIds()[0] ?? '', attempts: 1 };
      expect(outcome.usage.inputTokens).toBeGreaterThan(0);
      expect(await runner.untold({ ...attempts, toldAttempts: 0 })).toEqual(outcome.usage);
      expect(await runner.untold({ ...attempts, toldAttempts: 1 })).toEqual({ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 });
    });

    it("keeps its output in the turn's folder", async () => {
      await run('works');
      const sizes = readdirSync(join(folder, 'turn'), { withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => statSync(join(folder, 'turn', file.name)).size);
      expect(Math.max(...sizes)).toBeGreaterThan(100);
    });

    it('waits for the recorder of the process before it hands on the session', async () => {
      const runner = await makeRunner('works', join(folder, 'own'));
      const order: string[] = [];
      await runner.run(
        inputOf(),
        async ({ type }) => {
          await Promise.resolve();
          await new Promise(setImmediate);
          order.push(type);
        },
        new AbortController().signal,
      );
      expect(order.slice(0, 2)).toEqual(['spawned', 'session']);
    });

    it('goes on with the same session id', async () => {
      await run('works');
      const [first] = sessionIds();
      events = [];
      expect(await run('works', { resumeSessionId: first ?? null, attempt: 2 })).toMatchObject({ kind: 'answered' });
      expect(sessionIds()).toEqual([first]);
    });

    it('counts tokens, in whole numbers', async () => {
      const { usage } = await run('works');
      for (const count of Object.values(usage)) expect(count).toSatisfy((value: number) => Number.isInteger(value) && value >= 0);
    });

    it('hands prose on as an answer: whether it is a report is decided elsewhere', async () => {
      expect(await run('prose')).toMatchObject({ kind: 'answered', text: 'I think it went well.' });
    });

    it('hands on an answer of two million characters', async () => {
      const outcome = await run('long-answer');
      expect(outcome.kind === 'answered' && outcome.text.length).toBe(2_000_000);
    });

    it('ends a turn that answers without end', async () => {
      expect(await run('endless-answer')).toMatchObject({
        kind: 'failed',
        reason: 'output-limit',
        message: expect.stringMatching(/^Ended .+ MiB/) as string,
      });
      await nothingIsLeft();
    });

    it('is gone within the two seconds of the rule when it is stopped, with a daemon that ignores signals', async () => {
      const stop = new AbortController();
      const runner = await makeRunner('never-ends', join(folder, 'own'));
      const waiting = Promise.withResolvers<void>();
      const ended = runner.run(
        inputOf(),
        (event) => (event.type === 'usage' || (event.type === 'text' && event.text === 'Waiting.') ? waiting.resolve() : undefined),
        stop.signal,
      );
      await waiting.promise;
      await untilTrue(() => livingProcesses(folder).length >= 2, 5_000);
      const started = performance.now();
      stop.abort();
      expect(await ended).toMatchObject({ kind: 'failed', reason: 'stopped' });
      expect(performance.now() - started).toBeLessThan(2_000);
      await nothingIsLeft();
    });

    it('does not begin when it was stopped before', async () => {
      expect(await run('works', {}, AbortSignal.abort())).toMatchObject({ kind: 'failed', reason: 'stopped' });
      expect(events.filter(({ type }) => type === 'file-change')).toEqual([]);
    });

    it('ends a turn at its time limit, with everything below it', async () => {
      expect(await run('never-ends', { timeLimitMs: 1_500 })).toMatchObject({
        kind: 'failed',
        reason: 'timed-out',
        message: expect.stringContaining('longer than 2 seconds') as string,
      });
      await nothingIsLeft();
    });

    it('leaves no daemon behind an answered turn', async () => {
      expect(await run('leaves-daemon')).toMatchObject({ kind: 'answered' });
      await nothingIsLeft();
    });

    it('says in a sentence that the agent crashed', async () => {
      expect(await run('crashes')).toMatchObject({
        kind: 'failed',
        reason: 'crashed',
        message: expect.stringMatching(/Read weeks.*(exit code \d+|SIG[A-Z]+).*[^.]\.$/) as string,
      });
    });

    it('says in a sentence why it could not start', async () => {
      expect(await run('cannot-start')).toMatchObject({
        kind: 'failed',
        reason: 'could-not-start',
        message: expect.stringMatching(/\.$/) as string,
      });
    });

    it('does not reject when an event cannot be recorded, and leaves nothing running', async () => {
      const runner = await makeRunner('never-ends', join(folder, 'own'));
      const outcome = await runner.run(
        inputOf(),
        ({ type }) => {
          if (type === 'session') throw new Error('the journal cannot be written');
        },
        new AbortController().signal,
      );
      expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('the journal cannot be written') as string });
      await nothingIsLeft();
    });
  });
}
