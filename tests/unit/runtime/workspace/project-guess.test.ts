import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessProject } from '../../../../src/main/runtime/workspace/project-guess.js';

const guess = (files: Record<string, string>, more: readonly string[] = []) => {
  const { setup, verify } = guessProject({ names: [...Object.keys(files), ...more], texts: files });
  return { setup: setup.map((command) => command.join(' ')), verify: verify.map(({ name, command }) => `${name}: ${command.join(' ')}`) };
};

const node = (more: object = {}): string => JSON.stringify({ scripts: { test: 'vitest run' }, dependencies: { a: '1' }, ...more });

describe('the guess for a project', () => {
  const cases: readonly [string, Record<string, string>, readonly string[], readonly string[], readonly string[]][] = [
    ['npm with a lockfile', { 'package.json': node(), 'package-lock.json': '' }, [], ['npm ci'], ['tests: npm test']],
    ['npm without a lockfile', { 'package.json': node() }, [], ['npm install'], ['tests: npm test']],
    ['npm without dependencies', { 'package.json': '{"scripts":{"test":"node --test"}}' }, [], [], ['tests: npm test']],
    [
      "npm's own placeholder script",
      { 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' },
      [],
      [],
      [],
    ],
    ['pnpm', { 'package.json': node(), 'pnpm-lock.yaml': '' }, [], ['pnpm install --frozen-lockfile'], ['tests: pnpm test']],
    [
      'classic yarn',
      { 'package.json': node(), 'yarn.lock': '# yarn lockfile v1' },
      [],
      ['yarn install --frozen-lockfile'],
      ['tests: yarn test'],
    ],
    [
      'modern yarn',
      { 'package.json': node(), 'yarn.lock': '__metadata:\n  version: 8' },
      [],
      ['yarn install --immutable'],
      ['tests: yarn test'],
    ],
    ['bun', { 'package.json': node(), 'bun.lock': '' }, [], ['bun install --frozen-lockfile'], ['tests: bun run test']],
    [
      'the named package manager over a stray lockfile',
      { 'package.json': node({ packageManager: 'pnpm@9.1.0' }), 'package-lock.json': '', 'pnpm-lock.yaml': '' },
      [],
      ['pnpm install --frozen-lockfile'],
      ['tests: pnpm test'],
    ],
    ['a broken package.json', { 'package.json': '{', 'package-lock.json': '' }, [], ['npm ci'], []],
    [
      'uv with pytest',
      { 'pyproject.toml': '[project]\n[dependency-groups]\ndev=["pytest"]', 'uv.lock': '' },
      [],
      ['uv sync --frozen'],
      ['tests: uv run --frozen python -m pytest'],
    ],
    [
      'poetry with pytest',
      { 'pyproject.toml': '[tool.poetry]\npytest = "^8"' },
      [],
      ['poetry install --no-interaction'],
      ['tests: poetry run python -m pytest'],
    ],
    [
      'requirements with pytest',
      { 'requirements.txt': 'pytest==8' },
      [],
      ['python3 -m venv .venv', '.venv/bin/python -m pip install -r requirements.txt'],
      ['tests: .venv/bin/python -m pytest'],
    ],
    [
      'python with plain tests',
      { 'requirements.txt': 'flask' },
      ['tests/'],
      ['python3 -m venv .venv', '.venv/bin/python -m pip install -r requirements.txt'],
      ['tests: .venv/bin/python -m unittest discover -s tests'],
    ],
    [
      'python with plain tests in a package',
      { 'requirements.txt': 'flask' },
      ['tests/', 'tests/__init__.py'],
      ['python3 -m venv .venv', '.venv/bin/python -m pip install -r requirements.txt'],
      ['tests: .venv/bin/python -m unittest discover'],
    ],
    ['cargo', { 'Cargo.toml': '', 'Cargo.lock': '' }, [], ['cargo fetch --locked'], ['tests: cargo test --offline']],
    ['go without dependencies', { 'go.mod': '' }, [], [], ['tests: go test ./...']],
    ['maven with its wrapper', { 'pom.xml': '', mvnw: '' }, [], ['./mvnw -B -q dependency:go-offline'], ['tests: ./mvnw -B -o test']],
    [
      'gradle with its wrapper',
      { 'build.gradle.kts': '', gradlew: '' },
      [],
      ['./gradlew --no-daemon testClasses'],
      ['tests: ./gradlew --no-daemon --offline test'],
    ],
    ['a Makefile with a test target', { Makefile: 'all:\n\ntest: all\n\t./run\n' }, [], [], ['tests: make test']],
    ['a Makefile with a variable named test', { Makefile: 'test := 1\ncheck:\n\ttrue\n' }, [], [], ['tests: make check']],
    ['a test script over a Makefile', { 'package.json': '{"scripts":{"test":"x"}}', Makefile: 'test:\n' }, [], [], ['tests: npm test']],
    ['two languages', { 'package.json': '{"scripts":{"test":"x"}}', 'go.mod': '' }, [], [], ['tests: npm test', 'go tests: go test ./...']],
    ['nothing', {}, ['README.md', 'src/'], [], []],
  ];
  it.each(cases)('%s', (_, files, more, setup, verify) => {
    expect(guess(files, more)).toEqual({ setup, verify });
  });

  it('says why in a sentence for each command', () => {
    const { setupReasons, verifyReasons } = guessProject({
      names: ['package.json', 'package-lock.json'],
      texts: { 'package.json': node() },
    });
    expect(setupReasons).toEqual(['Setup: `npm ci`, because there is a package-lock.json.']);
    expect(verifyReasons).toEqual(['Verification: `npm test`, because package.json has a test script, `vitest run`.']);
  });

  it('never throws, whatever the files hold', () => {
    const names = fc.constantFrom(
      'package.json',
      'yarn.lock',
      'pyproject.toml',
      'Makefile',
      'requirements.txt',
      'constructor',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.oneof(fc.string(), fc.json()))), (files) => {
        expect(() => guessProject({ names: files.map(([name]) => name), texts: Object.fromEntries(files) })).not.toThrow();
      }),
    );
  });
});
