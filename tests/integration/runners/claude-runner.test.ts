import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportJsonSchema } from '../../../src/shared/contract/report.js';
import { createProcessGuardian } from '../../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { Runner, TurnInput } from '../../../src/main/runtime/ports/runner.js';
import { createClaudeRunner } from '../../../src/main/runtime/runners/claude/claude-runner.js';
import { FakeMessagesServer, messagesUsage } from '../../fakes/fake-messages-server.js';
import type { ModelReply, Play } from '../../fakes/loopback-model-server.js';
import { cachedCli, makeHome } from '../../fixtures/cli-cache.js';
import { claudeTools } from '../../fixtures/cli-scenarios.js';
import { failureOf, surroundingsOf, TurnBench } from '../../fixtures/cli-turn.js';

const claude = await cachedCli('claude');
const bwrap = existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : null;

let bench: TurnBench;
let home: string;
let server: FakeMessagesServer;

beforeEach(() => {
  bench = new TurnBench();
  home = makeHome();
});
afterEach(async () => {
  await server.close();
  bench.remove();
  rmSync(home, { recursive: true, force: true });
});

async function runnerOf(
  play: Play,
  options: { readonly jail?: string | null; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Runner> {
  server = await FakeMessagesServer.start(play);
  return createClaudeRunner({
    guardian: await createProcessGuardian({ ledgerDir: join(bench.folder, 'ledger'), clock: new SystemClock(), bwrapPath: bwrap }),
    claudePath: claude.kind === 'ready' ? claude.path : null,
    homeDir: join(home, 'claude'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      ANTHROPIC_API_KEY: 'key-0123456789',
      ANTHROPIC_BASE_URL: server.origin,
      ...options.env,
    },
    surroundings: surroundingsOf(options.jail === undefined ? bwrap : options.jail),
    extraEnv: { CLAUDE_CODE_MAX_RETRIES: '1' },
  });
}

const done: ModelReply = { say: 'Done.' };
const afterCalls =
  (...calls: NonNullable<ModelReply['calls']>): Play =>
  ({ toolOutputs }) =>
    toolOutputs.length === 0 ? { calls } : done;
const afterCommand = (command: string): Play => afterCalls(claudeTools.run(command));
const always =
  (reply: ModelReply): Play =>
  () =>
    reply;
const write = (path: string): NonNullable<ModelReply['calls']>[number] => ({ name: 'Write', input: { file_path: path, content: 'x' } });
const networked: Partial<TurnInput> = { loadout: { permissions: { allow: [], ask: [], deny: [] }, network: true, skills: [] } };
const toolOutput = (): string => server.requests.at(-1)?.toolOutputs.join('\n') ?? '';

describe.skipIf(claude.kind !== 'ready' || bwrap === null)('a turn of the real Claude Code', () => {
  it('can write to its checkout, its session folder and a temporary folder of its own, and nowhere else', async () => {
    const shared = join('/tmp', `muster-escape-${process.pid}`);
    const targets = [
      'in.txt',
      `'${bench.sessionDir}/note.txt'`,
      '"$TMPDIR/own.txt"',
      `'${bench.outside}/out.txt'`,
      `'${home}/claude/settings.json'`,
      shared,
    ];
    const runner = await runnerOf(afterCommand(targets.map((path) => `touch ${path} && echo "wrote $_"`).join('; ')));
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(toolOutput().match(/wrote .+/g)).toEqual([
      'wrote in.txt',
      `wrote ${bench.sessionDir}/note.txt`,
      `wrote ${bench.sessionDir}/.tmp/own.txt`,
    ]);
    expect(toolOutput()).toContain("out.txt': No such file or directory");
    expect([existsSync(join(bench.checkout, 'in.txt')), readdirSync(bench.outside), existsSync(shared)]).toEqual([true, [], false]);
  });

  it('cannot write outside of its folders with its own tools either, not even over a link', async () => {
    symlinkSync(bench.outside, join(bench.checkout, 'link'));
    const runner = await runnerOf(afterCalls(write(join(bench.outside, 'a.txt')), write(join(bench.checkout, 'link/b.txt'))));
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(readdirSync(bench.outside)).toEqual([]);
    expect(bench.events.filter(({ type }) => type === 'file-change')).toEqual([]);
  });

  it('writes to the project only where its role may', async () => {
    const path = join(bench.checkout, 'by-tool.txt');
    const runner = await runnerOf(afterCalls(write(path)));
    const { facts } = bench.input();
    await bench.run(runner, { facts: { ...facts, role: 'qa' } });
    expect(existsSync(path)).toBe(false);
    await bench.run(runner);
    expect(existsSync(path)).toBe(true);
  });

  it('does not see a secret of the runtime, nor its commands the key or the login', async () => {
    mkdirSync(join(home, '.claude'));
    writeFileSync(join(home, '.claude/.credentials.json'), '{"login":"login-0123456789"}');
    const look = `env; of=environ; cat /proc/*/$of 2>/dev/null | tr "\\0" "\\n"; cat ${home}/.claude/.cred* ${home}/claude/.cred*; echo looked`;
    const runner = await runnerOf(afterCommand(look), { env: { PLANTED_SECRET: 'planted-0123456789' } });
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(toolOutput()).toContain('looked');
    expect(toolOutput()).toMatch(/MUSTER_PROCESS_TAG=turn-bench/);
    const told = JSON.stringify(server.requests.map(({ body }) => body));
    for (const secret of ['planted-0123456789', 'key-0123456789', 'login-0123456789']) expect(told).not.toContain(secret);
    expect(JSON.stringify(server.requests)).not.toContain('planted-0123456789');
  });

  it('reaches the network only where its role may', async () => {
    const knock = (): string => `exec 3<>/dev/tcp/127.0.0.1/${new URL(server.origin).port} && echo reached || echo refused`;
    const play: Play = ({ toolOutputs }) => (toolOutputs.length === 0 ? { calls: [claudeTools.run(knock())] } : done);
    const runner = await runnerOf(play);
    await bench.run(runner);
    expect(toolOutput()).toContain('refused');
    expect(toolNames()).not.toContain('WebFetch');
    await bench.run(runner, networked);
    expect(toolOutput()).toContain('reached');
    expect(toolNames()).toContain('WebFetch');
  });

  it('runs no hook of the checkout', async () => {
    mkdirSync(join(bench.checkout, '.claude'));
    const hook = { hooks: [{ type: 'command', command: `touch '${bench.checkout}/hooked'` }] };
    const settings = { hooks: { SessionStart: [hook], UserPromptSubmit: [hook], Stop: [hook] }, permissions: { allow: ['Write(/**)'] } };
    writeFileSync(join(bench.checkout, '.claude/settings.json'), JSON.stringify(settings));
    const runner = await runnerOf(afterCalls(write(join(bench.outside, 'a.txt'))));
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect([existsSync(join(bench.checkout, 'hooked')), readdirSync(bench.outside)]).toEqual([false, []]);
  });

  it('answers with the report that it was held to', async () => {
    const reportSchema = reportJsonSchema('developer');
    const proposals = { workflow_transition: null, required_inputs: null, blocked_reason: null };
    const report = {
      request_id: null,
      role: null,
      status: 'completed',
      summary: 'Built.',
      insights: null,
      artifacts: null,
      error: null,
      proposals,
    };
    const runner = await runnerOf(afterCalls({ name: 'StructuredOutput', input: report }));
    const outcome = await bench.run(runner, { reportSchema });
    expect(outcome.kind === 'answered' && JSON.parse(outcome.text)).toEqual(report);
    expect(server.requests[0]?.body).toMatchObject({ model: 'model-of-the-test' });
  });

  it('counts its own tokens, not those of the session before it', async () => {
    const runner = await runnerOf(always(done));
    const { cacheCreation, cacheRead, fresh, output } = messagesUsage;
    const usage = { inputTokens: fresh + cacheCreation + cacheRead, cachedInputTokens: cacheRead, outputTokens: output };
    expect(await bench.run(runner)).toMatchObject({ usage });
    expect(await bench.run(runner, { resumeSessionId: bench.sessionId, prompt: 'Go on.' })).toMatchObject({ usage });
    expect(JSON.stringify(server.requests[1]?.body['messages'])).toMatch(/Build it\..*Go on\./);
  });

  it('counts the tokens of a turn that was stopped, and once more what the attempt before it told nobody', async () => {
    const { cacheCreation, cacheRead, fresh } = messagesUsage;
    const perRequest = fresh + cacheCreation + cacheRead;
    const asked = Promise.withResolvers<void>();
    const runner = await runnerOf(({ toolOutputs, nth }) => {
      if (toolOutputs.length === 0 && nth === 1) return { calls: [claudeTools.run('echo one')] };
      asked.resolve();
      return nth === 2 ? { never: true } : done;
    });
    const stop = new AbortController();
    const turn = { turnId: `turn-stopped${process.pid}` };
    const ended = bench.run(runner, turn, stop.signal);
    await asked.promise;
    stop.abort();
    expect(await ended).toMatchObject({ reason: 'stopped', usage: { inputTokens: perRequest } });
    expect(await bench.run(runner, { ...turn, toldAttempts: 0, resumeSessionId: bench.sessionId })).toMatchObject({
      usage: { inputTokens: 2 * perRequest },
    });
    expect(await bench.run(runner)).toMatchObject({ usage: { inputTokens: perRequest } });
  });

  it('counts what a failed attempt used once', async () => {
    const { cacheCreation, cacheRead, fresh } = messagesUsage;
    const perRequest = fresh + cacheCreation + cacheRead;
    const error = { status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'gone' } } };
    const runner = await runnerOf(({ nth }) => (nth === 1 ? { calls: [claudeTools.run('echo one')] } : nth === 2 ? { error } : done));
    const turn = { turnId: `turn-failed${process.pid}` };
    expect(await bench.run(runner, turn)).toMatchObject({ reason: 'model-error', usage: { inputTokens: perRequest } });
    expect(await bench.run(runner, turn)).toMatchObject({ usage: { inputTokens: perRequest } });
  });

  it('is given its task again where Claude Code had begun the turn and kept nothing of the task', async () => {
    const runner = await runnerOf(always(done));
    await bench.run(runner, { prompt: 'An earlier turn.' });
    const turn = { turnId: `turn-interrupted${process.pid}`, resumeSessionId: bench.sessionId, turnDir: join(bench.folder, 'second') };
    await bench.run(runner, { ...turn, attempt: 1, prompt: 'The whole task.' });
    const projects = join(home, 'claude', 'projects');
    const name = readdirSync(projects, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`${bench.sessionId}.jsonl`));
    const lines = readFileSync(join(projects, name ?? ''), 'utf8').split('\n');
    writeFileSync(
      join(projects, name ?? ''),
      `${lines
        .slice(
          0,
          lines.findIndex((line) => line.includes('The whole task.')),
        )
        .join('\n')}\n`,
    );
    const again = await bench.run(runner, { ...turn, attempt: 2, prompt: 'You were interrupted.' });
    expect(failureOf(again)).toBe('answered: Done.');
    const said = JSON.stringify(server.requests.at(-1)?.body['messages']);
    expect(said).toMatch(/An earlier turn\..*The whole task\.\\n\\nYou were interrupted\./);
  });

  it('begins a new session, with all that the turn was given, where Claude Code lost the old one', async () => {
    const runner = await runnerOf(always(done));
    await bench.run(runner, { prompt: 'The whole task.' });
    const lost = '00000000-0000-4000-8000-000000000000';
    const again = await bench.run(runner, { resumeSessionId: lost, prompt: 'You were interrupted.' });
    expect(failureOf(again)).toBe('answered: Done.');
    expect(JSON.stringify(server.requests[1]?.body['messages'])).toMatch(/The whole task\.\\n\\nYou were interrupted\./);
    expect(bench.events).toContainEqual({
      type: 'error',
      message: `Claude Code no longer has the session ${lost}; the developer's turn on "Read weeks" begins a new one.`,
    });
  });

  it('runs no command where neither Muster nor Claude Code can jail it', async () => {
    const runner = await runnerOf(afterCommand('touch unjailed.txt'), { jail: null, env: { PATH: '/nowhere' } });
    await bench.run(runner);
    expect(existsSync(join(bench.checkout, 'unjailed.txt'))).toBe(false);
  });
});

const toolNames = (): readonly string[] => (server.requests.at(-1)?.body['tools'] as { name: string }[]).map(({ name }) => name);

describe.skipIf(claude.kind !== 'ready' || bwrap === null)('a turn of the real Claude Code whose model fails', () => {
  it.each([
    [
      'a rate limit',
      { status: 429, body: { type: 'error', error: { type: 'rate_limit_error', message: 'This would exceed your limit' } } },
      /^rate-limited: Claude Code could not go on with the developer's turn on "Read weeks": its usage limit is reached \(.*429.*\)\. Wait until it is lifted, or give the developer another model or runner, then retry the turn\.$/,
    ],
    [
      'a refused key',
      { status: 401, body: { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } } },
      /^not-logged-in: Claude Code could not run the developer's turn on "Read weeks": it is not logged in \(.+\)\. Run `claude` once as the user who runs Muster and log in .*, then retry the turn\.$/,
    ],
    [
      'an error of the service',
      { status: 500, body: { type: 'error', error: { type: 'api_error', message: 'boom' } } },
      /^model-error: Claude Code could not finish the developer's turn on "Read weeks": the service of the model model-of-the-test answered with an error \(.*500 boom.*\)\. Retry the turn later;.*team_runtime\.yaml\.$/,
    ],
    [
      'a model that is not there',
      { status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'model: x' } } },
      /^model-error: .*selected model \(model-of-the-test\)/,
    ],
  ])('says %s in a sentence with the next step', async (_, error, sentence) => {
    expect(failureOf(await bench.run(await runnerOf(always({ error }))))).toMatch(sentence);
  });

  it('says that there is no login at all', async () => {
    const runner = await runnerOf(always(done), { env: { ANTHROPIC_API_KEY: '' } });
    expect(failureOf(await bench.run(runner))).toMatch(/^not-logged-in: .*\(Not logged in/);
    expect(server.requests).toEqual([]);
  });
});
