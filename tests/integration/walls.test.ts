import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const checkout = path.resolve(import.meta.dirname, '..', '..');

/** A file that breaks a rule. The rule must be reported for this very file. */
interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly code: string;
}

/** Files that every planted project has, so that an import leads somewhere. */
const GROUND: Record<string, string> = {
  'src/shared/kernel/ground.ts': 'export const kernel = 1;\n',
  'src/shared/domain/ground.ts': 'export const domain = 1;\n',
  'src/shared/contract/ground.ts': 'export const contract = 1;\n',
  'src/main/runtime/ports/ground.ts': 'export const port = 1;\n',
  'src/main/runtime/platform/ground.ts': 'export const platform = 1;\n',
  'src/main/runtime/effects/ground.ts': 'export const effect = 1;\n',
  'src/main/runtime/roles/ground.ts': 'export const role = 1;\n',
  'src/main/runtime/git/ground.ts': 'export const git = 1;\n',
  'src/main/runtime/git/the-way-back.ts': "import './planted-cycle.js';\nexport const back = 1;\n",
  'src/main/runtime/runtime.ts': 'export const runtime = 1;\n',
  'src/main/api/ground.ts': 'export const api = 1;\n',
  'src/main/web/ground.ts': 'export const web = 1;\n',
  'src/main/electron/ground.ts': 'export const electron = 1;\n',
  'src/main/cli/ground.ts': 'export const cli = 1;\n',
  'src/renderer/ground.ts': 'export const renderer = 1;\n',
  'tests/ground.ts': 'export const testing = 1;\n',
};

const importing = (rule: string, file: string, target: string): Plant => ({
  rule,
  file,
  code: `import '${target}';\nexport const planted = 1;\n`,
});

const CROSSED_ARROWS: readonly Plant[] = [
  importing('kernel-imports-nothing', 'src/shared/kernel/planted.ts', '../domain/ground.js'),
  importing('domain-imports-kernel', 'src/shared/domain/planted.ts', '../contract/ground.js'),
  importing('contract-imports-domain', 'src/shared/contract/planted.ts', '../../main/runtime/ports/ground.js'),
  importing('runtime-imports-shared', 'src/main/runtime/git/planted-api.ts', '../../api/ground.js'),
  importing('api-imports-runtime', 'src/main/api/planted.ts', '../web/ground.js'),
  importing('host-imports-api', 'src/main/host/planted.ts', '../web/ground.js'),
  importing('web-imports-host', 'src/main/web/planted.ts', '../cli/ground.js'),
  importing('electron-imports-web', 'src/main/electron/planted.ts', '../cli/ground.js'),
  importing('cli-imports-web', 'src/main/cli/planted.ts', '../electron/ground.js'),
  importing('renderer-imports-shared', 'src/renderer/planted.ts', '../main/runtime/ports/ground.js'),
  importing('ports-import-shared', 'src/main/runtime/ports/planted.ts', '../platform/ground.js'),
  importing('platform-imports-ports', 'src/main/runtime/platform/planted.ts', '../git/ground.js'),
  importing('effects-import-ports', 'src/main/runtime/effects/planted.ts', '../git/ground.js'),
  importing('services-are-peers', 'src/main/runtime/roles/planted.ts', '../git/ground.js'),
  importing('services-are-peers', 'src/main/runtime/git/planted-upward.ts', '../runtime.js'),
  importing('services-are-peers', 'src/main/runtime/git/planted-effects.ts', '../effects/ground.js'),
  importing('no-cycle', 'src/main/runtime/git/planted-cycle.ts', './the-way-back.js'),
  importing('src-stands-alone', 'src/main/cli/planted-test.ts', '../../../tests/ground.js'),
  importing('resolvable', 'src/main/cli/planted-nowhere.ts', './nowhere.js'),
  importing('no-development-package', 'src/main/cli/planted-vitest.ts', 'vitest'),
  importing('shared-is-plain', 'src/shared/domain/planted-node.ts', 'node:fs'),
  importing('kernel-and-domain-use-no-package', 'src/shared/domain/planted-package.ts', 'yaml'),
];

const BROKEN_FENCES: readonly Plant[] = [
  importing('fence-electron', 'src/main/cli/planted-electron.ts', 'electron'),
  importing('fence-electron', 'src/main/web/planted-electron.ts', 'electron'),
  importing('fence-electron', 'src/main/host/planted-electron.ts', 'electron'),
  importing('fence-electron', 'src/main/runtime/git/planted-electron.ts', 'electron'),
  importing('preload-is-thin', 'src/main/electron/preload.ts', './ground.js'),
  importing('fence-discord', 'src/main/runtime/relay/planted-discord.ts', 'discord.js'),
  importing('fence-chokidar', 'src/main/runtime/workspace/planted-chokidar.ts', 'chokidar'),
  importing('fence-atomic-write', 'src/main/runtime/workspace/planted-atomic.ts', 'write-file-atomic'),
  importing('fence-yaml', 'src/main/runtime/relay/planted-yaml.ts', 'yaml'),
  importing('fence-ws', 'src/main/runtime/relay/planted-ws.ts', 'ws'),
  importing('fence-openapi', 'src/main/host/planted-openapi.ts', '@orpc/openapi'),
  importing('fence-react', 'src/main/web/planted-react.ts', 'react-dom/server'),
  importing('fence-react', 'src/main/cli/planted-radix.ts', 'radix-ui'),
  importing('fence-zustand', 'src/main/api/planted-zustand.ts', 'zustand'),
  importing('fence-dnd-kit', 'src/main/api/planted-dnd.ts', '@dnd-kit/core'),
  importing('fence-processes', 'src/main/runtime/git/planted-spawn.ts', 'node:child_process'),
  importing('fence-processes', 'src/main/runtime/git/planted-execa.ts', 'execa'),
  importing('fence-zod', 'src/shared/domain/planted-zod.ts', 'zod'),
  importing('fence-commander', 'src/main/api/planted-commander.ts', 'commander'),
  importing('fence-commander', 'src/main/runtime/git/planted-clack.ts', '@clack/prompts'),
  importing('fence-sqlite', 'src/main/runtime/workspace/planted-sqlite.ts', 'node:sqlite'),
];

/** Imports that the house wants: none of them may be reported. */
const ALLOWED: Record<string, readonly string[]> = {
  'src/shared/domain/allowed.ts': ['../kernel/ground.js'],
  'src/shared/contract/allowed.ts': ['../domain/ground.js', 'zod'],
  'src/main/runtime/runtime-allowed.ts': ['./git/ground.js', './roles/ground.js', './effects/ground.js'],
  'src/main/runtime/git/allowed.ts': [
    '../ports/ground.js',
    '../platform/ground.js',
    '../../../shared/domain/ground.js',
    './ground.js',
    'node:fs',
  ],
  'src/main/runtime/effects/allowed.ts': ['../ports/ground.js', '../platform/ground.js', '../roles/ground.js'],
  'src/main/runtime/platform/allowed.ts': ['node:child_process', 'execa', '../ports/ground.js'],
  'src/main/runtime/workspace/watcher.ts': ['chokidar'],
  'src/main/runtime/workspace/projection-writer.ts': ['write-file-atomic'],
  'src/main/runtime/workspace/owner-lock.ts': ['node:sqlite', 'yaml'],
  'src/main/runtime/runners/rehearsal/allowed.ts': ['yaml'],
  'src/main/cli/allowed.ts': ['../runtime/ground-runtime.js', '../web/ground.js', 'commander'],
  'src/main/runtime/ground-runtime.ts': ['./ports/ground.js'],
  'src/main/electron/allowed.ts': ['electron', '../web/ground.js'],
  'src/renderer/allowed.ts': ['../shared/contract/ground.js', 'react', 'zustand', '@dnd-kit/core', 'radix-ui'],
};

async function plantInto(folder: string, files: Record<string, string>): Promise<void> {
  for (const [file, code] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), code);
  }
}

/** A project with the checkout's own configuration files and packages, and nothing else. */
async function emptyProject(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'muster-walls-'));
  for (const file of [
    'package.json',
    '.dependency-cruiser.cjs',
    'tsconfig.base.json',
    'tsconfig.node.json',
    'tsconfig.page-tests.json',
    'tsconfig.shared.json',
    'tsconfig.web.json',
  ]) {
    await cp(path.join(checkout, file), path.join(folder, file));
  }
  await symlink(path.join(checkout, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Exit codes are data here: a check that finds something ends with one that is not zero. */
async function outputOf(folder: string, script: string, args: readonly string[]): Promise<string> {
  const program = path.join(checkout, 'node_modules', script);
  try {
    return (await run(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' && error.stdout !== '') return error.stdout;
    throw error;
  }
}

describe('boundaries', () => {
  const plants = [...CROSSED_ARROWS, ...BROKEN_FENCES];
  let folder = '';
  let found: readonly { readonly from: string; readonly rule: { readonly name: string } }[] = [];

  beforeAll(async () => {
    folder = await emptyProject();
    const allowed = Object.entries(ALLOWED).map(([file, targets]) => [
      file,
      `${targets.map((target) => `import '${target}';\n`).join('')}export {};\n`,
    ]);
    await plantInto(folder, {
      ...GROUND,
      ...Object.fromEntries(plants.map(({ file, code }) => [file, code])),
      ...Object.fromEntries(allowed),
    });
    const json = await outputOf(folder, 'dependency-cruiser/bin/dependency-cruiser.mjs', [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'src',
    ]);
    found = (JSON.parse(json) as { summary: { violations: typeof found } }).summary.violations;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rulesBrokenBy = (file: string) => found.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  test.each(plants)('$rule is reported for $file', ({ rule, file }) => {
    expect(rulesBrokenBy(file)).toContain(rule);
  });

  test.each(Object.keys(ALLOWED))('nothing is reported for the imports that %s may have', (file) => {
    expect(rulesBrokenBy(file)).toEqual([]);
  });

  test('every boundary rule of the configuration has a planted violation', async () => {
    const configuration = (await import(path.join(checkout, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: readonly { name: string }[] };
    };
    const planted = new Set(plants.map(({ rule }) => rule));
    expect(configuration.default.forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });
});

const lines = (count: number, line: string) => `${line}\n`.repeat(count);

/** Plants in new files of one folder, as pairs of the rule and the code that breaks it. */
const plantsIn = (place: string, ending: string, pairs: readonly (readonly [rule: string, code: string])[]): readonly Plant[] =>
  pairs.map(([rule, code], index) => ({ rule, code, file: `${place}/planted-${index}${ending}` }));

const BAD_STYLE: readonly Plant[] = [
  ...plantsIn('src/main/runtime/git', '.ts', [
    ['muster/no-default-export', 'export default function planted() { return 1; }'],
    ['muster/no-default-export', 'const a = 1; export { a as default };'],
    ['muster/no-barrel', "export * from './other.js';"],
    ['muster/no-barrel', "import { a } from './a.js';\nexport { a };\nexport type { B } from './b.js';"],
    ['muster/no-enum', 'export enum Column { Todo }'],
    ['muster/no-enum', 'export const enum Column { Todo }'],
    ['ts/no-explicit-any', 'export const planted = (a: any) => a;'],
    ['muster/no-empty-catch', 'try { JSON.parse(""); } catch {}'],
    ['muster/no-empty-catch', 'try { JSON.parse(""); } catch { /* never mind */ }'],
    ['muster/no-empty-catch', 'Promise.reject(new Error("lost")).catch(() => {});'],
    ['muster/no-ambient-time', 'export const now = new Date();'],
    ['muster/no-ambient-time', 'setTimeout(() => 1, 10);'],
    ['muster/no-ambient-time', 'setInterval(() => 1, 10);'],
    ['muster/no-ambient-time', 'export const arm = globalThis.setTimeout;'],
    ['muster/no-ambient-time', "import { setTimeout } from 'node:timers/promises';\nawait setTimeout(5);"],
    ['muster/no-ambient-time', 'export const signal = AbortSignal.timeout(5);'],
    ['ts/ban-ts-comment', '// @ts-ignore\nexport const a: string = 1;'],
    ['ts/no-floating-promises', 'const save = async () => 1;\nsave();\nexport {};'],
    ['ts/no-misused-promises', 'const save = async () => 1;\nif (save()) save;\nexport {};'],
    ['ts/switch-exhaustiveness-check', "export function f(a: 'x' | 'y') { switch (a) { case 'x': return 1; } return 2; }"],
    ['max-lines', lines(401, 'export {};')],
    ['max-lines-per-function', `export function planted() {\n${lines(81, '  void 0;')}}`],
    ['eqeqeq', 'export const same = (a: number, b: number) => a == b;'],
    ['no-var', 'export var a = 1;'],
    ['prefer-const', 'let a = 1;\nexport const b = a;'],
  ]),
  ...plantsIn('src/shared/domain', '.ts', [
    ['muster/no-ambient-time', 'export const now = Date.now();'],
    ['muster/no-ambient-chance', 'export const id = Math.random();'],
  ]),
  ...plantsIn('tests/unit', '.test.ts', [
    ['muster/no-module-mock', "vi.mock('node:fs');"],
    ['muster/no-module-mock', "vi.doMock('node:fs');"],
  ]),
  ...plantsIn('src/renderer/board', '.tsx', [
    [
      'react-hooks/rules-of-hooks',
      "import { useState } from 'react';\nexport function Planted(p: { a: boolean }) { if (p.a) useState(1); return null; }",
    ],
    [
      'react-hooks/exhaustive-deps',
      "import { useEffect } from 'react';\nexport function Planted(p: { a: () => void }) { useEffect(() => p.a(), []); return null; }",
    ],
    ['ts/no-floating-promises', 'const save = async () => 1;\nsave();\nexport {};'],
    ['max-lines-per-function', `export function planted() {\n${lines(121, '  void 0;')}}`],
  ]),
  { rule: 'muster/no-ambient-time', file: 'src/main/runtime/platform/random-ids.ts', code: 'export const now = Date.now();' },
  { rule: 'muster/no-ambient-chance', file: 'src/main/runtime/platform/system-clock.ts', code: 'export const id = Math.random();' },
  { rule: 'muster/file-name', file: 'src/main/runtime/git/utils.ts', code: 'export const a = 1;' },
  { rule: 'muster/file-name', file: 'src/main/runtime/git/CommitLoop.ts', code: 'export const a = 1;' },
];

const GOOD_STYLE: readonly Omit<Plant, 'rule'>[] = [
  { file: 'src/main/runtime/platform/system-clock.ts', code: 'export const now = () => Date.now();\nsetTimeout(() => 1, 1);' },
  { file: 'src/main/runtime/platform/random-ids.ts', code: 'export const chance = () => Math.random();' },
  { file: 'src/main/runtime/git/own-timer.ts', code: 'export const arm = (setTimeout: (ms: number) => void) => setTimeout(5);' },
  { file: 'src/shared/domain/parsed-date.ts', code: "export const at = (text: string) => new Date(text);\nexport * from './other.js';" },
  { file: 'vite.config.ts', code: 'export default {};' },
  { file: 'tests/unit/spying.test.ts', code: "import { vi } from 'vitest';\nvi.spyOn(console, 'log');" },
];

describe('lint', () => {
  const silencing = { file: 'src/main/runtime/git/silencing.ts', code: '/* eslint-disable */\nexport enum Column { Todo }' };
  const folders: string[] = [];

  /** Lints the files in a project with the checkout's own rules: the rule, or the message where no rule is named, by file. */
  async function lint(
    files: readonly Omit<Plant, 'rule'>[],
  ): Promise<{ readonly eslint: ESLint; readonly found: Map<string, readonly string[]> }> {
    const folder = await emptyProject();
    folders.push(folder);
    for (const part of ['eslint.config.js', 'eslint-rules'])
      await cp(path.join(checkout, part), path.join(folder, part), { recursive: true });
    await plantInto(folder, Object.fromEntries(files.map(({ file, code }) => [file, code])));
    const eslint = new ESLint({ cwd: folder });
    const results = await eslint.lintFiles(files.map(({ file }) => file));
    const byFile = results.map(({ filePath, messages }) => {
      const file = path.relative(folder, filePath).replaceAll(path.sep, '/');
      return [file, messages.map(({ ruleId, message }) => ruleId ?? message)] as const;
    });
    return { eslint, found: new Map(byFile) };
  }

  let bad: Awaited<ReturnType<typeof lint>>;
  let good: Awaited<ReturnType<typeof lint>>;
  beforeAll(async () => {
    bad = await lint([...BAD_STYLE, silencing]);
    good = await lint(GOOD_STYLE);
  });
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  test.each(BAD_STYLE)('$rule is reported in $file for: $code', ({ rule, file }) => {
    expect(bad.found.get(file)).toContain(rule);
  });

  test.each(GOOD_STYLE)('nothing is reported in $file for: $code', ({ file }) => {
    expect(good.found.get(file)).toEqual([]);
  });

  test('a comment inside a file does not switch a rule off, and is itself reported', () => {
    const found = bad.found.get(silencing.file);
    expect(found).toContain('muster/no-enum');
    expect(found?.join()).toContain("has no effect because you have 'noInlineConfig' setting");
  });

  test('every rule that is switched on has a planted violation', async () => {
    const configurations = (await Promise.all(BAD_STYLE.map(({ file }) => bad.eslint.calculateConfigForFile(file)))) as { rules: object }[];
    const planted = new Set(BAD_STYLE.map(({ rule }) => rule));
    expect([...new Set(configurations.flatMap(({ rules }) => Object.keys(rules)))].filter((rule) => !planted.has(rule))).toEqual([]);
  });
});

describe('the three TypeScript programs', () => {
  const programs = [
    {
      program: 'tsconfig.shared.json',
      what: 'the DOM in shared code',
      file: 'src/shared/domain/planted.ts',
      code: 'export const a = document.title;',
      error: "Cannot find name 'document'",
    },
    {
      program: 'tsconfig.shared.json',
      what: 'Node in shared code',
      file: 'src/shared/domain/planted.ts',
      code: 'export const a = process.pid;',
      error: "Cannot find name 'process'",
    },
    {
      program: 'tsconfig.node.json',
      what: 'the DOM in the runtime',
      file: 'src/main/runtime/planted.ts',
      code: 'export const a = document.title;',
      error: "Cannot find name 'document'",
    },
    {
      program: 'tsconfig.web.json',
      what: 'Node in the renderer',
      file: 'src/renderer/planted.ts',
      code: 'export const a = process.pid;',
      error: "Cannot find name 'process'",
    },
    {
      program: 'tsconfig.node.json',
      what: 'an enum',
      file: 'src/main/runtime/planted.ts',
      code: 'export enum A { B }',
      error: 'erasableSyntaxOnly',
    },
    {
      program: 'tsconfig.node.json',
      what: 'an unchecked index',
      file: 'src/main/runtime/planted.ts',
      code: 'export const a: number = [1][0];',
      error: "'number | undefined' is not assignable",
    },
  ];

  test.concurrent.each(programs)('$program refuses $what', async ({ program, file, code, error }) => {
    const folder = await emptyProject();
    try {
      await plantInto(folder, { 'src/shared/kernel/ground.ts': 'export const kernel = 1;\n', [file]: code });
      const output = await outputOf(folder, 'typescript/bin/tsc', ['-p', program]);
      expect(output).toContain(`${file}(1,`);
      expect(output).toContain(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('all three programs name the folders that they are for', async () => {
    const included = async (program: string) =>
      (JSON.parse(await readFile(path.join(checkout, program), 'utf8')) as { include: readonly string[] }).include;
    expect(await included('tsconfig.shared.json')).toEqual(['src/shared']);
    expect(await included('tsconfig.node.json')).toEqual(expect.arrayContaining(['src/shared', 'src/main', 'tests']));
    expect(await included('tsconfig.web.json')).toEqual(['src/shared', 'src/renderer']);
  });
});
