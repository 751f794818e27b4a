import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration, executingFields, roleSettings } from '../../../src/shared/domain/configuration.js';
import { loadConfiguration, setConfigurationValue } from '../../../src/main/runtime/workspace/configuration.js';
import { parseYamlMapping } from '../../../src/main/runtime/workspace/configuration-yaml.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-config-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const file = (): string => join(dir, 'team_runtime.yaml');
const write = (text: string | Uint8Array): Promise<void> => writeFile(file(), text);

async function loaded(text: string) {
  await write(text);
  const result = await loadConfiguration(dir);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function refused(text: string | Uint8Array): Promise<string> {
  await write(text);
  const result = await loadConfiguration(dir);
  if (result.ok) throw new Error('was accepted');
  return result.error.message.replaceAll(dir, 'DIR');
}

describe('values of team_runtime.yaml', () => {
  it('a file with a sprint id alone has every default', async () => {
    const { configuration, warnings } = await loaded('sprint: { id: first }\n');
    expect(configuration).toEqual({ ...defaultConfiguration, sprint: { ...defaultConfiguration.sprint, id: 'first' } });
    expect(warnings).toEqual([]);
  });

  it('every setting reaches its effective value', async () => {
    const { configuration } = await loaded(`
project: ../app
git: { isolation: in_place, integrate: on_approval, target: refs/heads/main, submodules: yes, worktree: { setup: [[npm, ci], [make, deps]], copy: [.env.test], timeout_seconds: 30 }, identity: { name: Sum Team, email: team@example.org }, hooks: { run: no, timeout_seconds: 20 } }
verify:
  - { name: tests, command: [npm, test], timeout_seconds: 60, network: true }
  - { command: [make, lint] }
verify_protect: ['tests/**']
review: { reviewers: [ada], required: 2 }
limits: { contract_returns: 0, advisory_passes: 1, architect_reviews: 4, reopens: 5, turn_attempts: 6, effect_attempts: 7, turn_minutes: 8, sprint_hours: 9, parallel_todos: 10, card_turns: 11, card_tokens: 12, day_tokens: 13, day_turns: 14 }
sprint: { id: 7, interval_minutes: 90, timezone: Europe/Berlin, mode: rolling, start_mode: manual_daily, cutoff_time: 08:30, overlap_policy: no_overlap, ingress_mode: dual_path, discovery_scope: plus_git, discovery_actions: [lint] }
ingress: { dm: off, mentions: false }
allowed_guild_ids: [111111111111111118, "222222222222222222"]
runner: claude
role_defaults: { developer: { model: opus, reasoning: xhigh, runner: codex, network: true } }
rehearsal: rehearsals/first.yaml
actions: { lint: { command: [npm, run, lint, '{path}'], domain: quality, allowed_params: [path] } }
discord: { enabled: false }
`);
    expect(configuration).toMatchObject({
      project: '../app',
      git: {
        isolation: 'in_place',
        integrate: 'on_approval',
        target: 'main',
        submodules: true,
        worktree: {
          setup: [
            ['npm', 'ci'],
            ['make', 'deps'],
          ],
          copy: ['.env.test'],
          timeoutSeconds: 30,
        },
        identity: { name: 'Sum Team', email: 'team@example.org' },
        hooks: { run: false, timeoutSeconds: 20 },
      },
      verify: [
        { name: 'tests', command: ['npm', 'test'], timeoutSeconds: 60, network: true },
        { name: 'make lint', command: ['make', 'lint'], timeoutSeconds: 600, network: false },
      ],
      verifyProtect: ['tests/**'],
      review: { reviewers: ['ada'], required: 2 },
      limits: {
        contractReturns: 0,
        advisoryPasses: 1,
        architectReviews: 4,
        reopens: 5,
        turnAttempts: 6,
        effectAttempts: 7,
        turnMinutes: 8,
        sprintHours: 9,
        parallelTodos: 10,
        cardTurns: 11,
        cardTokens: 12,
        dayTokens: 13,
        dayTurns: 14,
      },
      sprint: {
        id: '7',
        intervalMinutes: 90,
        timezone: 'Europe/Berlin',
        mode: 'rolling',
        startMode: 'manual_daily',
        cutoffTime: '08:30',
        ingressMode: 'dual_path',
        discoveryScope: 'plus_git',
        discoveryActions: ['lint'],
      },
      ingress: { dm: false, mentions: false },
      allowedGuildIds: ['111111111111111118', '222222222222222222'],
      runner: 'claude',
      rehearsal: 'rehearsals/first.yaml',
      actions: {
        lint: {
          command: ['npm', 'run', 'lint', '{path}'],
          lifecycle: 'foreground',
          domain: 'quality',
          allowedParams: ['path'],
          network: false,
          timeoutSeconds: 600,
        },
      },
      discord: { enabled: false },
    });
    expect(configuration.roleDefaults['developer']).toEqual({ model: 'opus', reasoning: 'xhigh', runner: 'codex', network: true });
    expect(configuration.roleDefaults['qa']).toEqual({ model: 'gpt-5.4', reasoning: 'medium', runner: 'claude', network: false });
    expect(roleSettings(configuration, 'constructor').runner).toBe('claude');
  });

  it('verify may be a mapping of commands and protected globs', async () => {
    const { configuration } = await loaded(
      'sprint: {id: a}\nverify: { commands: [{ name: t, command: [make, t] }], protect: [ci/**] }\nverify_protect: [more/**]\n',
    );
    expect(configuration.verify.map(({ name }) => name)).toEqual(['t']);
    expect(configuration.verifyProtect).toEqual(['ci/**', 'more/**']);
  });

  it('an empty verify list stays empty, and a missing one is looked up in the project', async () => {
    await writeFile(join(dir, 'package.json'), '{"scripts":{"test":"node --test"}}');
    expect((await loaded('sprint: {id: a}\nverify: []\n')).configuration.verify).toEqual([]);
    const open = await loaded('sprint: {id: a}\n');
    expect(open.configuration.verify).toEqual([{ name: 'tests', command: ['npm', 'test'], timeoutSeconds: 600, network: false }]);
    expect(open.lookedUp).toEqual(['Verification: `npm test`, because package.json has a test script, `node --test`.']);
  });

  it('the executing part changes with commands and runners, and not with models', async () => {
    const plain = executingFields((await loaded('sprint: {id: a}\nverify: []\n')).configuration);
    const model = executingFields((await loaded('sprint: {id: a}\nverify: []\nrole_defaults: {qa: {model: other}}\n')).configuration);
    const runner = executingFields((await loaded('sprint: {id: a}\nverify: []\nrole_defaults: {qa: {runner: claude}}\n')).configuration);
    expect(model).toEqual(plain);
    expect(runner).not.toEqual(plain);
  });
});

describe('what a person reads about a wrong team_runtime.yaml', () => {
  const cases: readonly [string, string, string][] = [
    [
      'an approval block',
      'approval: { required: true }',
      'approval in team_runtime.yaml is no longer supported: remove the whole block; who may approve is set by review.reviewers (line 2).',
    ],
    [
      'an empty approval block',
      'approval:',
      'approval in team_runtime.yaml is no longer supported: remove the whole block; who may approve is set by review.reviewers (line 2).',
    ],
    [
      'a guild id with letters',
      'allowed_guild_ids: [12ab]',
      'allowed_guild_ids[0] in team_runtime.yaml must be a guild id of digits only, but it is "12ab" (line 2).',
    ],
    [
      'params that are no list',
      'actions:\n  lint:\n    command: [npm]\n    allowed_params: path',
      'actions.lint.allowed_params in team_runtime.yaml must be a list of parameter names, but it is "path" (line 5).',
    ],
    [
      'an action with approval',
      'actions: { a: { command: [ls], approval_required: true } }',
      'actions.a.approval_required in team_runtime.yaml is no longer supported: remove it; whoever may give commands may run the action (line 2).',
    ],
    [
      'an action without a command',
      'actions: { a: {} }',
      'actions.a.command in team_runtime.yaml is missing; it must be a list of words such as [npm, test].',
    ],
    [
      'an action with an empty command',
      'actions: { a: { command: [] } }',
      'actions.a.command in team_runtime.yaml must be a list of at least one word such as [npm, test], but it is [] (line 2).',
    ],
    [
      'a verify command as a text',
      'verify: [{ name: t, command: npm test }]',
      'verify[0].command in team_runtime.yaml must be a list of words such as [npm, test], but it is "npm test" (line 2).',
    ],
    ['verify as a word', 'verify: npm', 'verify in team_runtime.yaml must be a mapping of names to values, but it is "npm" (line 2).'],
    [
      'two verify commands of one name',
      'verify:\n  - { name: t, command: [a] }\n  - { name: t, command: [b] }',
      'verify[1].name in team_runtime.yaml must be a name of its own, but "t" is used before (line 4).',
    ],
    ['an unknown runner', 'runner: gemini', 'runner in team_runtime.yaml must be rehearsal, codex or claude, but it is "gemini" (line 2).'],
    [
      'a limit below its least',
      'limits: { turn_minutes: 0 }',
      'limits.turn_minutes in team_runtime.yaml must be a whole number from 1 to 1440, but it is 0 (line 2).',
    ],
    [
      'a model that is an option',
      'role_defaults: { qa: { model: --yolo } }',
      'role_defaults.qa.model in team_runtime.yaml must be a model name without spaces, but it is "--yolo" (line 2).',
    ],
    [
      'a branch that is an option',
      'git: { target: -f }',
      'git.target in team_runtime.yaml must be the name of a branch, but it is "-f" (line 2).',
    ],
    [
      'a copy from outside',
      'git: { worktree: { copy: [../../secrets] } }',
      'git.worktree.copy[0] in team_runtime.yaml must be a relative path without "..", but it is "../../secrets" (line 2).',
    ],
  ];
  it.each(cases)('%s', async (_, text, sentence) => {
    expect(await refused(`sprint: { id: a }\n${text}\n`)).toBe(sentence);
  });

  const sprintCases: readonly [string, string][] = [
    ['mode: sometimes', 'sprint.mode in team_runtime.yaml must be hybrid, rolling or wall_clock, but it is "sometimes" (line 3).'],
    ['interval_minutes: 0', 'sprint.interval_minutes in team_runtime.yaml must be a whole number, 1 or more, but it is 0 (line 3).'],
    [
      'interval_minutes: soon',
      'sprint.interval_minutes in team_runtime.yaml must be a whole number, 1 or more, but it is "soon" (line 3).',
    ],
    ['interval_minutes: .nan', 'sprint.interval_minutes in team_runtime.yaml must be a whole number, 1 or more, but it is NaN (line 3).'],
    [
      'cutoff_time: 25:00',
      'sprint.cutoff_time in team_runtime.yaml must be a time from 00:00 to 23:59, written as HH:MM, but it is "25:00" (line 3).',
    ],
    [
      'timezone: Mars/Olympus',
      'sprint.timezone in team_runtime.yaml must be a time zone name such as UTC or Europe/Berlin, but it is "Mars/Olympus" (line 3).',
    ],
    ['overlap_policy: queue', 'sprint.overlap_policy in team_runtime.yaml must be no_overlap, but it is "queue" (line 3).'],
    [
      'discovery_actions: [""]',
      'sprint.discovery_actions[0] in team_runtime.yaml must be a text that is not empty, but it is "" (line 3).',
    ],
  ];
  it.each(sprintCases)('sprint with %s', async (text, sentence) => {
    expect(await refused(`sprint:\n  id: a\n  ${text}\n`)).toBe(sentence);
  });

  it('names every wrong field, one sentence a line', async () => {
    expect(await refused('sprint: { mode: x }\nreview: { required: 0 }\n')).toBe(
      [
        'review.required in team_runtime.yaml must be a whole number from 1 to 100, but it is 0 (line 2).',
        'sprint.id in team_runtime.yaml is missing; it must be a text that is not empty.',
        'sprint.mode in team_runtime.yaml must be hybrid, rolling or wall_clock, but it is "x" (line 1).',
      ].join('\n'),
    );
  });

  it('an action that nobody can run as it is is told and kept', async () => {
    const { warnings, configuration } = await loaded(
      "sprint: { id: a }\nactions:\n  serve: { command: [npm, start], lifecycle: managed }\n  lint: { command: [npm, run, lint, '{path}'] }\n",
    );
    expect(Object.keys(configuration.actions)).toEqual(['serve', 'lint']);
    expect(warnings.map(({ message }) => message)).toEqual([
      'actions.serve in team_runtime.yaml is managed (line 3): it would run on in the background, which Muster does not do, so it is refused when somebody asks for it. Make it `lifecycle: foreground`.',
      'actions.lint in team_runtime.yaml has {path} in its command (line 4), which is not among its allowed_params, so it is refused when somebody asks for it.',
    ]);
  });

  it('an unknown setting is told and does not stop anything', async () => {
    const { warnings } = await loaded(
      'sprint: { id: a, modus: hybrid }\ntelemetry: { enabled: true }\nverify: [{ command: [a], retries: 3 }]\nrole_defaults: { research: { model: m } }\n',
    );
    expect(warnings.map(({ message }) => message).sort()).toEqual([
      'role_defaults.research in team_runtime.yaml names a role that the team does not have (line 4); the setting is kept and has no effect.',
      'sprint.modus in team_runtime.yaml is not a setting that Muster knows and has no effect (line 1); check its spelling or remove it.',
      'telemetry in team_runtime.yaml is not a setting that Muster knows and has no effect (line 2); check its spelling or remove it.',
      'verify[0].retries in team_runtime.yaml is not a setting that Muster knows and has no effect (line 3); check its spelling or remove it.',
    ]);
  });

  it('a missing, empty, cut or foreign file is a sentence with the way out', async () => {
    const missing = await loadConfiguration(join(dir, 'nowhere'));
    expect(missing.ok ? '' : missing.error.message).toBe(
      `Could not find ${join(dir, 'nowhere', 'team_runtime.yaml')}. Run \`muster init\` to make a workspace, or name another one with --workspace-root.`,
    );
    expect(await refused('')).toBe(
      'Could not use team_runtime.yaml: it is empty. Restore an earlier version of it, or remove it and run `muster init` for a fresh one.',
    );
    expect(await refused('# only a comment\n')).toMatch(/it is empty/);
    expect(await refused('- a\n- b\n')).toBe(
      'Could not use team_runtime.yaml: its top level must be a mapping of names to values, but it is a list. Write it as `name: value` lines.',
    );
    expect(await refused('sprint:\n  id: a\nverify: [{ name: t, command: [npm')).toMatch(
      /^Could not read team_runtime\.yaml: line 3, column \d+: .+\. Correct that line, or restore an earlier version of the file\.$/,
    );
    expect(await refused(Uint8Array.of(0xff, 0xfe, 0x00))).toBe(
      'Could not read team_runtime.yaml: it is not text in UTF-8. Save it as UTF-8 or restore an earlier version of it.',
    );
    expect(await refused('sprint: &a { id: *a }\n')).toMatch(/^Could not read team_runtime\.yaml: /);
    expect(await refused('sprint: { id: a }\nsprint: { id: b }\n')).toBe(
      'Could not read team_runtime.yaml: line 2, column 1: Map keys must be unique. Correct that line, or restore an earlier version of the file.',
    );
  });

  it('a folder in its place is a sentence', async () => {
    await mkdir(file());
    const result = await loadConfiguration(dir);
    expect(result.ok ? '' : result.error.message).toBe(`Could not read ${file()}: EISDIR. Make it a file that you may read.`);
  });

  it('any garbage is a configuration or a sentence, and never throws', async () => {
    const words = fc.constantFrom(
      'sprint:',
      ' id: a',
      '- ',
      '&x',
      '*x',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '\n',
      '\n  ',
      '!!python/object',
      'verify:',
      'actions:',
      '__proto__:',
      'constructor:',
      ': ',
      '? ',
      '<<: ',
      '%YAML 9',
      '---',
      '...',
      '\t',
      '\u0000',
      '1e999',
      '~',
    );
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.array(words, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        await write(bytes);
        const result = await loadConfiguration(dir);
        if (!result.ok) expect(result.error.message).toMatch(/^\S.*team_runtime\.yaml.*\.$/s);
      }),
      { numRuns: 300 },
    );
  });

  it('every cut of a good file is a configuration or a sentence', async () => {
    const whole =
      'sprint:\n  id: a\n  mode: hybrid\nverify:\n  - { name: t, command: [npm, test] }\nactions: { a: { command: ["x y"] } }\n';
    for (let length = 0; length < whole.length; length += 1) {
      const result = parseYamlMapping(Buffer.from(whole.slice(0, length)), '/w/team_runtime.yaml');
      if (!result.ok) expect(result.error.message).toMatch(/^Could not (read|use) team_runtime\.yaml: .+\.$/);
    }
  });
});

describe('changing one setting', () => {
  const clock = new SystemClock();
  const source = '# ours\r\nsprint:   {id: a}   # keep me\r\nrole_defaults:\r\n  developer:\r\n    model:   "old"  # why\r\n';

  it('changes the value and leaves every other byte', async () => {
    await write(source);
    const result = await setConfigurationValue(file(), ['role_defaults', 'developer', 'model'], 'new-model', clock);
    expect(result.ok && result.value.configuration.roleDefaults['developer']?.model).toBe('new-model');
    expect((await readFile(file(), 'utf8')).replace('"new-model"', 'new-model')).toBe(source.replace('"old"', 'new-model'));
  });

  it('adds a value and keeps comments and line ends', async () => {
    await write(source);
    const result = await setConfigurationValue(file(), ['role_defaults', 'qa', 'reasoning'], 'low', clock);
    expect(result.ok && result.value.configuration.roleDefaults['qa']?.reasoning).toBe('low');
    const text = await readFile(file(), 'utf8');
    expect(text).toContain('# ours');
    expect(text).toContain('# keep me');
    expect(text).toContain('# why');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('adds below a heading that has nothing yet', async () => {
    await write('sprint: {id: a}\nrole_defaults:\n');
    const result = await setConfigurationValue(file(), ['role_defaults', 'qa', 'model'], 'm', clock);
    expect(result.ok && result.value.configuration.roleDefaults['qa']?.model).toBe('m');
  });

  it('quotes a word that YAML would read as something else', async () => {
    await write('sprint: {id: a}\n');
    const result = await setConfigurationValue(file(), ['sprint', 'id'], 'true', clock);
    expect(result.ok && result.value.configuration.sprint.id).toBe('true');
    expect(await readFile(file(), 'utf8')).toBe('sprint: {id: "true"}\n');
  });

  it('any name that is accepted reads back as it was given', async () => {
    const awkward = fc.constantFrom(
      'true',
      '12',
      '*a',
      '&a',
      '# b',
      'a: b',
      '- x',
      '[',
      "it's",
      '"',
      'a, b}',
      '~',
      '0x1F',
      'läng',
      '22:00',
      '!x',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 20 })),
        fc.constantFrom('sprint: {id: a}\n', 'sprint:\n  id: a # note\n', "sprint:\n  id: 'a'\n"),
        async (name, before) => {
          await write(before);
          const result = await setConfigurationValue(file(), ['sprint', 'id'], name, clock);
          if (name.trim() !== '') expect(result.ok && result.value.configuration.sprint.id).toBe(name);
          else expect(result.ok).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses a wrong value and writes nothing', async () => {
    await write(source);
    const result = await setConfigurationValue(file(), ['role_defaults', 'developer', 'model'], 'two words', clock);
    expect(result.ok ? '' : result.error.message).toBe(
      'role_defaults.developer.model in team_runtime.yaml must be a model name without spaces, but it is "two words" (line 5).',
    );
    expect(await readFile(file(), 'utf8')).toBe(source);
  });

  it('refuses a key below a plain value with a sentence', async () => {
    await write('sprint: {id: a}\nrole_defaults: none\n');
    const result = await setConfigurationValue(file(), ['role_defaults', 'qa', 'model'], 'm', clock);
    expect(result.ok ? '' : result.error.message).toMatch(
      /^Could not set role_defaults\.qa\.model in team_runtime\.yaml: .+ Edit the file by hand\.$/,
    );
    expect(await readFile(file(), 'utf8')).toBe('sprint: {id: a}\nrole_defaults: none\n');
  });
});
