import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codexConfigFor } from '../../fakes/fake-responses-server.js';
import type { ModelCall } from '../../fakes/loopback-model-server.js';
import { claudeDialect, codexDialect } from '../../fakes/model-dialects.js';
import type { ModelDialect } from '../../fakes/model-dialects.js';
import { RehearsingModelServer } from '../../fakes/rehearsing-model-server.js';
import { cachedCli, makeHome } from '../../fixtures/cli-cache.js';
import { isAtRest, makeSprintGround, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';

const codex = await cachedCli('codex');
const claude = await cachedCli('claude');
const hasJail = existsSync('/usr/bin/bwrap');
const title = 'Sum it up';
const limitMs = 3 * 60_000;

/** What a person has in the home, each with a secret of its own. */
const homeFiles: Readonly<Record<string, (secret: string) => string>> = {
  '.aws/credentials': (secret) => `[default]\naws_secret_access_key = ${secret}\n`,
  '.netrc': (secret) => `machine example.org login me password ${secret}\n`,
  '.ssh/id_ed25519': (secret) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`,
  '.config/gh/hosts.yml': (secret) => `github.com:\n  oauth_token: ${secret}\n`,
  '.npmrc': (secret) => `//registry.example.org/:_authToken=${secret}\n`,
  '.codex/auth.json': (secret) => JSON.stringify({ OPENAI_API_KEY: null, tokens: { access_token: secret, account_id: 'acc' } }),
  '.claude/.credentials.json': (secret) => JSON.stringify({ claudeAiOauth: { accessToken: secret } }),
  'other-project/.env': (secret) => `OTHER=${secret}\n`,
};
const secretOf = (place: string): string => `canary-of-${place.replaceAll(/\W+/g, '-')}-4711`;
const canaries = [...Object.keys(homeFiles), 'environment', 'dotenv'].map(secretOf);

let ground: SprintGround;
let home: string;
let model: RehearsingModelServer;
const before = { ...process.env };

beforeEach(async () => {
  home = makeHome();
  for (const [name, contentOf] of Object.entries(homeFiles)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), contentOf(secretOf(name)));
  }
  delete process.env['CODEX_HOME'];
  process.env['HOME'] = home;
  process.env['MY_API_TOKEN'] = secretOf('environment');
});
afterEach(async () => {
  await model.close();
  await ground.dispose();
  for (const name of ['HOME', 'MY_API_TOKEN', 'CODEX_HOME']) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(home, { recursive: true, force: true });
});

const stolen = (): readonly string[] => [...Object.keys(homeFiles).map((name) => join(home, name)), join(ground.workspace, '.env')];

/** All that a command can try: files, by their path and through other processes, and environments. `of` hides a word from permission rules. */
const lookEverywhere = (): string =>
  [
    ...stolen().map((path) => `cat '${path}'`),
    `of=environ; env; cat /proc/self/$of /proc/$PPID/$of /proc/1/$of; cat /proc/[0-9]*/$of`,
    ...stolen().map((path) => `cat /proc/self/root'${path}' /proc/$PPID/root'${path}' /proc/1/root'${path}' /proc/[0-9]*/root'${path}'`),
    `ls -la '${home}' '${ground.workspace}' '${ground.dir}/state' '${dirname(home)}'`,
    `find / -xdev -name '.netrc' -o -xdev -name 'auth.json' -o -xdev -name '.credentials.json' 2>/dev/null | xargs -r cat`,
    'echo looked',
  ].join('; ');

/** Work as it is done every day. */
const ordinary =
  'git status --short && git log --oneline -1 && git diff --stat && node --test && npm --version && echo made > made.txt && rm made.txt && touch "$TMPDIR/t" "$HOME/h" && echo worked';

interface Trial {
  readonly dialect: ModelDialect;
  readonly runner: 'codex' | 'claude';
  /** Tried beside commands. */
  readonly ownTools: () => readonly ModelCall[];
  readonly isJailed: boolean;
}

async function start({ dialect, runner, ownTools, isJailed }: Trial): Promise<Runtime> {
  const developer = { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] };
  ground = await makeSprintGround({
    todos: [{ title, developer }],
    files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n', 'test/sum.test.mjs': "import '../lib/sum.mjs';\n" },
    integrate: 'on_completion',
    runner,
  });
  await writeFile(join(ground.workspace, '.env'), `DEPLOY_KEY=${secretOf('dotenv')}\n`);
  const calls = [dialect.run(lookEverywhere()), ...ownTools(), dialect.run(ordinary)];
  const detour = { isMeant: ({ step }: { readonly step: string }) => step === 'developer_build', calls };
  model = await RehearsingModelServer.start(join(ground.workspace, 'rehearsal.yaml'), dialect, [detour]);
  return ground.open({
    seams: {
      codex: (options) => ({
        ...options,
        surroundings: { ...options.surroundings, ...(isJailed ? {} : { bwrapPath: null }) },
        codexPath: codex.kind === 'ready' ? codex.path : null,
        homeDir: join(home, '.state', 'codex'),
        extraConfig: codexConfigFor(model.origin),
      }),
      claude: (options) => ({
        ...options,
        claudePath: claude.kind === 'ready' ? claude.path : null,
        homeDir: join(home, '.state', 'claude'),
        env: { ...options.env, ANTHROPIC_API_KEY: 'the-key-of-the-model', ANTHROPIC_BASE_URL: model.origin },
      }),
    },
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const found = (text: string | Buffer): readonly string[] => canaries.filter((canary) => text.includes(canary));

/** Every file of workspace, state, project and the CLI's own folder that holds a canary, beside those where the person put it. */
async function leaks(): Promise<readonly string[]> {
  const planted = new Set(stolen());
  const files = (await Promise.all([ground.dir, ground.project, home].map(filesBelow))).flat();
  const holding: string[] = [];
  for (const path of files) if (!planted.has(path) && found(await readFile(path)).length > 0) holding.push(path);
  const objects = await promisify(execFile)('git', ['cat-file', '--batch-all-objects', '--batch', '--buffer'], {
    ...{ cwd: ground.project, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  });
  return found(objects.stdout).length > 0 ? [...holding, 'an object of the repository'] : holding;
}

/** The environments of all processes of turns, as they are now. */
function environmentsOfTurns(): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      return environment.includes('MUSTER_PROCESS_TAG=') ? [environment] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

interface Played {
  readonly activity: readonly string[];
  readonly outputs: string;
  readonly environments: readonly string[];
}

async function playToItsEnd(runtime: Runtime): Promise<Played> {
  const activity: string[] = [];
  const environments: string[] = [];
  runtime.onTurnActivity(({ text }) => {
    activity.push(text);
    environments.push(...environmentsOfTurns());
  });
  await ground.begin(runtime);
  await waitFor(runtime, isAtRest);
  await runtime.stop();
  const outputs = model.asked.filter(({ facts }) => facts.step === 'developer_build').flatMap((asked) => asked.outputs);
  return { activity, environments, outputs: outputs.join('\n') };
}

function expectWorked(runtime: Runtime, outputs: string, notes: readonly string[] = []): void {
  expect(model.problems).toEqual([]);
  expect(outputs).toContain('looked');
  expect(outputs).toMatch(/\bworked\b/);
  const todo = todoNamed(runtime.state(), title);
  expect([todo.status, todo.blocker]).toEqual(['committed', null]);
  expect([...new Set(todo.reports.flatMap((report) => report.notes))]).toEqual(notes);
}

describe.skipIf(codex.kind !== 'ready' || !hasJail)('secrets of the person, looked for by commands of the real codex', () => {
  const gap =
    "There is no jail on this machine: only Codex's own sandbox kept the person's files from its commands. `muster doctor` says more.";

  it.each([
    ['reach neither the model nor a file, and ordinary work goes on', true, []],
    ["are kept from them by codex's own sandbox where there is no jail, and every turn says so", false, [gap]],
  ])(
    '%s',
    async (_, isJailed, notes) => {
      const image = { name: 'view_image', input: { path: join(home, '.netrc') } };
      const patch = codexDialect.run(
        `apply_patch <<'END'\n*** Begin Patch\n*** Update File: ${join(home, '.netrc')}\n@@\n-nothing\n+changed\n*** End Patch\nEND\n`,
      );
      const runtime = await start({ dialect: codexDialect, runner: 'codex', ownTools: () => [image, patch], isJailed });
      const { activity, environments, outputs } = await playToItsEnd(runtime);
      expectWorked(runtime, outputs, notes);
      for (const request of model.requests) expect(found(JSON.stringify(request.body))).toEqual([]);
      expect(found([...activity, ...ground.log, ...environments].join('\n'))).toEqual([]);
      expect(environments.length).toBeGreaterThan(0);
      expect(await leaks()).toEqual([]);
    },
    limitMs,
  );
});

describe.skipIf(claude.kind !== 'ready' || !hasJail)('secrets of the person, looked for by the real Claude Code', () => {
  it(
    'reach neither the model nor a file, and ordinary work goes on',
    async () => {
      const read = (path: string): ModelCall => ({ name: 'Read', input: { file_path: path } });
      const grep: ModelCall = { name: 'Grep', input: { pattern: 'canary', path: home, output_mode: 'content' } };
      const ownTools = (): readonly ModelCall[] => [...stolen().map(read), read('/proc/self/environ'), read('/proc/1/environ'), grep];
      const runtime = await start({ dialect: claudeDialect, runner: 'claude', ownTools, isJailed: true });
      const { activity, environments, outputs } = await playToItsEnd(runtime);
      expectWorked(runtime, outputs);
      for (const request of model.requests) {
        expect(found(JSON.stringify(request.body))).toEqual([]);
        expect(JSON.stringify(request.body)).not.toContain('the-key-of-the-model');
      }
      expect(found([...activity, ...ground.log, ...environments].join('\n'))).toEqual([]);
      expect(environments.length).toBeGreaterThan(0);
      expect(await leaks()).toEqual([]);
    },
    limitMs,
  );
});
