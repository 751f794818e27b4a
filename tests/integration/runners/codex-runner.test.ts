import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportJsonSchema } from '../../../src/shared/contract/report.js';
import { createProcessGuardian } from '../../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { Runner, TurnInput } from '../../../src/main/runtime/ports/runner.js';
import { createCodexRunner } from '../../../src/main/runtime/runners/codex/codex-runner.js';
import { FakeResponsesServer, responsesUsage } from '../../fakes/fake-responses-server.js';
import type { ModelReply, Play } from '../../fakes/loopback-model-server.js';
import { cachedCli, makeHome } from '../../fixtures/cli-cache.js';
import { codexTools } from '../../fixtures/cli-scenarios.js';
import { failureOf, surroundingsOf, TurnBench } from '../../fixtures/cli-turn.js';

const codex = await cachedCli('codex');
const bwrap = existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : null;

let bench: TurnBench;
let home: string;
let server: FakeResponsesServer;

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
  env: Readonly<Record<string, string>> = {},
  configOf: (server: FakeResponsesServer) => Readonly<Record<string, string>> = ({ config }) => config,
): Promise<Runner> {
  server = await FakeResponsesServer.start(play);
  return createCodexRunner({
    clock: new SystemClock(),
    surroundings: surroundingsOf(bwrap),
    guardian: await createProcessGuardian({ ledgerDir: join(bench.folder, 'ledger'), clock: new SystemClock(), bwrapPath: bwrap }),
    codexPath: codex.kind === 'ready' ? codex.path : null,
    homeDir: join(home, 'codex'),
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
    extraConfig: configOf(server),
  });
}

const done: ModelReply = { say: 'Done.' };
const afterCommand =
  (command: string): Play =>
  ({ toolOutputs }) =>
    toolOutputs.length === 0 ? { calls: [codexTools.run(command)] } : done;
const always =
  (reply: ModelReply): Play =>
  () =>
    reply;
const networked: Partial<TurnInput> = { loadout: { permissions: { allow: [], ask: [], deny: [] }, network: true, skills: [] } };
const toolOutput = (): string => server.requests.at(-1)?.toolOutputs.join('\n') ?? '';

describe.skipIf(codex.kind !== 'ready')('a turn of the real codex', () => {
  it('can write to its checkout, its session folder and a temporary folder of its own, and nowhere else', async () => {
    const shared = join('/tmp', `muster-escape-${process.pid}`);
    const targets = [
      'in.txt',
      join(bench.sessionDir, 'note.txt'),
      '"$TMPDIR/own.txt"',
      `'${bench.outside}/out.txt'`,
      shared,
      '"$CODEX_HOME/x"',
    ];
    const runner = await runnerOf(
      afterCommand(
        targets.map((path) => `touch ${path.startsWith('/') && path.includes(' ') ? `'${path}'` : path} && echo "wrote $_"`).join('; '),
      ),
    );
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(toolOutput().match(/wrote .+/g)).toEqual([
      'wrote in.txt',
      `wrote ${bench.sessionDir}/note.txt`,
      `wrote ${bench.sessionDir}/.tmp/own.txt`,
    ]);
    expect(toolOutput()).toContain("out.txt': No such file or directory");
    expect([existsSync(join(bench.checkout, 'in.txt')), readdirSync(bench.outside), existsSync(shared)]).toEqual([true, [], false]);
  });

  it('does not see a secret of the runtime, nor codex its commands the key', async () => {
    const look = 'env; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n"; echo looked';
    const runner = await runnerOf(afterCommand(look), { PLANTED_SECRET: 'planted-0123456789', CODEX_API_KEY: 'key-0123456789' });
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(toolOutput()).toContain('looked');
    expect(toolOutput()).toMatch(/MUSTER_PROCESS_TAG=turn-bench/);
    const everything = JSON.stringify(server.requests);
    expect(everything).not.toContain('planted-0123456789');
    expect(everything).not.toContain('key-0123456789');
  });

  it('reaches the network only where its role may', async () => {
    const knock = (): string => `exec 3<>/dev/tcp/127.0.0.1/${new URL(server.origin).port} && echo reached || echo refused`;
    const play: Play = ({ toolOutputs }) => (toolOutputs.length === 0 ? { calls: [codexTools.run(knock())] } : done);
    const runner = await runnerOf(play);
    await bench.run(runner);
    expect(toolOutput()).toContain('refused');
    await bench.run(runner, networked);
    expect(toolOutput()).toContain('reached');
  });

  it('is held to the schema of the report, and asks for the model and effort of its role', async () => {
    const runner = await runnerOf(always(done));
    const reportSchema = reportJsonSchema('qa');
    await bench.run(runner, { reportSchema, reasoning: 'high' });
    expect(server.requests[0]?.body).toMatchObject({
      model: 'model-of-the-test',
      reasoning: { effort: 'high' },
      text: { format: { type: 'json_schema', strict: true, schema: reportSchema } },
    });
  });

  it('offers no agents below it, whose tokens would not be counted, and no search', async () => {
    await bench.run(await runnerOf(always(done)));
    const tools = server.requests[0]?.body['tools'] as { readonly name?: string; readonly type: string }[];
    expect(tools.map(({ name, type }) => name ?? type)).toEqual(['exec_command', 'write_stdin', 'request_user_input', 'view_image']);
  });

  it('counts its own tokens, not those of the session before it', async () => {
    const runner = await runnerOf(always(done));
    const usage = { inputTokens: responsesUsage.input, cachedInputTokens: responsesUsage.cached, outputTokens: responsesUsage.output };
    expect(await bench.run(runner)).toMatchObject({ usage });
    expect(await bench.run(runner, { resumeSessionId: bench.sessionId, prompt: 'Go on.' })).toMatchObject({ usage });
    expect(JSON.stringify(server.requests[1]?.body['input'])).toMatch(/Build it\..*Go on\./);
  });

  it('counts the tokens of a turn that was stopped', async () => {
    const asked = Promise.withResolvers<void>();
    const runner = await runnerOf(({ toolOutputs }) => {
      if (toolOutputs.length === 0) return { calls: [codexTools.run('echo one')] };
      asked.resolve();
      return { never: true };
    });
    const stop = new AbortController();
    const ended = bench.run(runner, {}, stop.signal);
    await asked.promise;
    stop.abort();
    expect(await ended).toMatchObject({
      reason: 'stopped',
      usage: { inputTokens: responsesUsage.input, outputTokens: responsesUsage.output },
    });
  });

  it('begins a new session, with all that the turn was given, where codex lost the old one', async () => {
    const runner = await runnerOf(always(done));
    await bench.run(runner, { prompt: 'The whole task.' });
    const lost = '00000000-0000-7000-8000-000000000000';
    const again = await bench.run(runner, { resumeSessionId: lost, prompt: 'You were interrupted.' });
    expect(failureOf(again)).toBe('answered: Done.');
    expect(JSON.stringify(server.requests[1]?.body['input'])).toMatch(/The whole task\.\\n\\nYou were interrupted\./);
    expect(bench.events).toContainEqual({
      type: 'error',
      message: `Codex no longer has the session ${lost}; the developer's turn on "Read weeks" begins a new one.`,
    });
  });

  it('obeys no configuration of the checkout and needs no known model', async () => {
    mkdirSync(join(bench.checkout, '.codex'));
    writeFileSync(join(bench.checkout, '.codex/config.toml'), 'model = "planted"\nsandbox_mode = "danger-full-access"\n');
    const runner = await runnerOf(afterCommand(`touch '${bench.outside}/out.txt'`));
    expect(failureOf(await bench.run(runner))).toBe('answered: Done.');
    expect(server.requests[0]?.body).toMatchObject({ model: 'model-of-the-test' });
    expect(readdirSync(bench.outside)).toEqual([]);
    expect(bench.events).toContainEqual(
      expect.objectContaining({ type: 'error', message: expect.stringContaining('model-of-the-test') as string }),
    );
  });

  it.each(['CODEX_API_KEY', 'OPENAI_API_KEY'])('asks its service with the key in %s where there is no login', async (name) => {
    const runner = await runnerOf(always(done), { [name]: 'key-0123456789' }, ({ origin }) => ({
      'model_providers.fake': `{name="fake",base_url="${origin}/v1",wire_api="responses",requires_openai_auth=true}`,
      model_provider: '"fake"',
    }));
    await bench.run(runner);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer key-0123456789');
  });

  it("uses the person's login by a link, so that a refreshed token reaches it", async () => {
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex/auth.json'), '{}');
    await bench.run(await runnerOf(always(done)));
    expect(lstatSync(join(home, 'codex/auth.json')).isSymbolicLink()).toBe(true);
  });
});

describe.skipIf(codex.kind !== 'ready')('a turn of the real codex whose model fails', () => {
  it.each([
    [
      'a usage limit',
      {
        status: 429,
        body: { error: { type: 'usage_limit_reached', message: 'The usage limit has been reached', resets_at: 1_999_999_999 } },
      },
      /^rate-limited: Codex could not go on with the developer's turn on "Read weeks": its usage limit is reached \(You’ve hit your usage limit.*\)\. Wait until it is lifted, or give the developer another model or runner, then retry the turn\.$/,
    ],
    [
      'a rate limit',
      { status: 429, body: { error: { type: 'rate_limit_exceeded', message: 'Rate limit reached' } } },
      /^rate-limited: .*429 Too Many Requests/,
    ],
    [
      'a refused key',
      { status: 401, body: { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } } },
      /^not-logged-in: Codex could not run the developer's turn on "Read weeks": it is not logged in \(.*401.*\)\. Run `codex login` as the user who runs Muster \(or set CODEX_API_KEY\), then retry the turn\.$/,
    ],
    [
      'an error of the service',
      { status: 500, body: { error: { message: 'boom' } } },
      /^model-error: Codex could not finish the developer's turn on "Read weeks": the service of the model model-of-the-test answered with an error \(.+\)\. Retry the turn later;.*team_runtime\.yaml\.$/,
    ],
    ['a model that is not there', { status: 400, body: { error: { message: 'Unknown model.' } } }, /^model-error: .*\(Unknown model\)/],
  ])('says %s in a sentence with the next step', async (_, error, sentence) => {
    expect(failureOf(await bench.run(await runnerOf(always({ error }))))).toMatch(sentence);
  });

  it('says without asking the service that there is no login at all', async () => {
    // Should it ask all the same, it gets no further than this proxy.
    const nowhere = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    const runner = await runnerOf(always(done), nowhere, () => ({}));
    expect(failureOf(await bench.run(runner))).toBe(
      `not-logged-in: Codex could not run the developer's turn on "Read weeks": it is not logged in (${home}/.codex/auth.json does not exist). Run \`codex login\` as the user who runs Muster (or set CODEX_API_KEY), then retry the turn.`,
    );
    expect(bench.events).toEqual([]);
  });
});
