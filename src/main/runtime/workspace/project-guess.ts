import type { VerifyCommand } from '../../../shared/domain/configuration.js';

/** What of a project a guess needs: the names in its top folder, and the texts of the few of them that it reads. */
export interface ProjectFiles {
  /** Names in the top folder, folders with a `/` behind; those of `innerNames` that are there, too. */
  readonly names: readonly string[];
  /** By name; only those of `readNames` that are there. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Commands that the project's own files suggest, and why, each reason a sentence. */
export interface ProjectGuess {
  readonly setup: readonly (readonly string[])[];
  readonly setupReasons: readonly string[];
  readonly verify: readonly VerifyCommand[];
  readonly verifyReasons: readonly string[];
}

/** Files whose text decides; others count by being there. */
export const readNames: readonly string[] = [
  'package.json',
  'yarn.lock',
  'pyproject.toml',
  'requirements.txt',
  'requirements-dev.txt',
  'setup.cfg',
  'tox.ini',
  'Makefile',
  'makefile',
  'GNUmakefile',
];

/** Files below the top folder that count by being there. */
export const innerNames: readonly string[] = ['tests/__init__.py', 'test/__init__.py'];

interface Finding {
  readonly setup: readonly (readonly string[])[];
  readonly setupWhy: string;
  readonly verify: readonly string[] | null;
  readonly verifyWhy: string;
}

interface Ecosystem {
  readonly name: string;
  readonly look: (project: ProjectView) => Finding | null;
}

interface ProjectView {
  readonly has: (...names: string[]) => boolean;
  readonly text: (name: string) => string;
}

const ecosystems: readonly Ecosystem[] = [
  { name: 'tests', look: lookForNode },
  { name: 'python tests', look: lookForPython },
  { name: 'cargo tests', look: lookForCargo },
  { name: 'go tests', look: lookForGo },
  { name: 'maven tests', look: lookForMaven },
  { name: 'gradle tests', look: lookForGradle },
];

/** Guesses how a fresh checkout is made ready and how it proves itself. Pure; finds nothing rather than something unlikely. */
export function guessProject(project: ProjectFiles): ProjectGuess {
  const names = new Set(project.names);
  const view: ProjectView = {
    has: (...wanted) => wanted.some((name) => names.has(name)),
    text: (name) => (Object.hasOwn(project.texts, name) ? (project.texts[name] ?? '') : ''),
  };
  const found = ecosystems.flatMap(({ name, look }) => {
    const finding = look(view);
    return finding ? [{ name, ...finding }] : [];
  });
  const proven = found.filter(({ verify }) => verify !== null);
  const make = proven.length === 0 ? lookForMake(view) : null;
  const verify = [
    ...proven.map(({ name, verify: command }) => verifyOf(proven.length === 1 ? 'tests' : name, command ?? [])),
    ...(make ? [verifyOf('tests', make.command)] : []),
  ];
  return {
    setup: found.flatMap(({ setup }) => setup),
    setupReasons: found.flatMap(({ setup, setupWhy }) => (setup.length === 0 ? [] : [reason('Setup', setup, setupWhy)])),
    verify,
    verifyReasons: [
      ...proven.map(({ verify: command, verifyWhy }) => reason('Verification', [command ?? []], verifyWhy)),
      ...(make ? [reason('Verification', [make.command], make.why)] : []),
    ],
  };
}

const verifyOf = (name: string, command: readonly string[]): VerifyCommand => ({ name, command, timeoutSeconds: 600, network: false });

const reason = (what: string, commands: readonly (readonly string[])[], why: string): string =>
  `${what}: ${commands.map((command) => `\`${command.join(' ')}\``).join(', then ')}, because ${why}.`;

interface PackageManager {
  readonly name: string;
  readonly locks: readonly string[];
  readonly locked: (project: ProjectView) => readonly string[];
}

const packageManagers: readonly PackageManager[] = [
  { name: 'pnpm', locks: ['pnpm-lock.yaml'], locked: () => ['pnpm', 'install', '--frozen-lockfile'] },
  {
    name: 'yarn',
    locks: ['yarn.lock'],
    locked: (project) => [
      'yarn',
      'install',
      project.has('.yarnrc.yml') || project.text('yarn.lock').includes('__metadata:') ? '--immutable' : '--frozen-lockfile',
    ],
  },
  { name: 'bun', locks: ['bun.lock', 'bun.lockb'], locked: () => ['bun', 'install', '--frozen-lockfile'] },
  { name: 'npm', locks: ['package-lock.json', 'npm-shrinkwrap.json'], locked: () => ['npm', 'ci'] },
];

interface PackageManifest {
  readonly manager: string;
  readonly hasDependencies: boolean;
  readonly test: string;
}

function lookForNode(project: ProjectView): Finding | null {
  if (!project.has('package.json')) return null;
  const manifest = readManifest(project.text('package.json'));
  const declared = packageManagers.find(({ name }) => name === manifest.manager);
  const manager = declared ?? packageManagers.find(({ locks }) => project.has(...locks));
  const name = manager?.name ?? 'npm';
  const lock = manager?.locks.find((file) => project.has(file));
  const setup = manager && lock !== undefined ? [manager.locked(project)] : manifest.hasDependencies ? [[name, 'install']] : [];
  const hasTest = manifest.test !== '' && !manifest.test.includes('no test specified');
  return {
    setup,
    setupWhy: lock === undefined ? 'package.json names dependencies and there is no lockfile' : `there is a ${lock}`,
    verify: hasTest ? [name, ...(name === 'bun' ? ['run'] : []), 'test'] : null,
    verifyWhy: `package.json has a test script, \`${manifest.test.slice(0, 80)}\``,
  };
}

function readManifest(text: string): PackageManifest {
  const manifest = parsedObject(text);
  const scripts = objectAt(manifest, 'scripts');
  const manager = manifest['packageManager'];
  const test = scripts['test'];
  return {
    manager: typeof manager === 'string' ? (manager.split('@')[0] ?? '') : '',
    hasDependencies: ['dependencies', 'devDependencies', 'optionalDependencies'].some(
      (key) => Object.keys(objectAt(manifest, key)).length > 0,
    ),
    test: typeof test === 'string' ? test.trim() : '',
  };
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const objectAt = (value: Record<string, unknown>, key: string): Record<string, unknown> => asObject(value[key]);

const pythonTexts = ['pyproject.toml', 'requirements.txt', 'requirements-dev.txt', 'setup.cfg', 'tox.ini'];

function lookForPython(project: ProjectView): Finding | null {
  const isPoetry = project.has('poetry.lock') || /^\[tool\.poetry\]/m.test(project.text('pyproject.toml'));
  const hasProject = project.has('pyproject.toml', 'setup.py', 'requirements.txt', 'setup.cfg');
  if (!hasProject && !project.has('uv.lock', 'poetry.lock', 'pytest.ini')) return null;
  const usesPytest = project.has('pytest.ini', 'conftest.py') || pythonTexts.some((name) => /\bpytest\b/.test(project.text(name)));
  const test = usesPytest ? ['pytest'] : unittestOf(project);
  const why = usesPytest ? 'the project uses pytest' : 'there is a folder of tests and no sign of pytest';
  const verifyWith = (before: readonly string[]): readonly string[] | null => (test ? [...before, 'python', '-m', ...test] : null);
  if (project.has('uv.lock'))
    return {
      setup: [['uv', 'sync', '--frozen']],
      setupWhy: 'there is a uv.lock',
      verify: verifyWith(['uv', 'run', '--frozen']),
      verifyWhy: why,
    };
  if (isPoetry)
    return {
      setup: [['poetry', 'install', '--no-interaction']],
      setupWhy: 'the project is managed by poetry',
      verify: verifyWith(['poetry', 'run']),
      verifyWhy: why,
    };
  return withPip(project, test, why);
}

/** From the top folder unittest finds only tests in packages, and is content with none. */
function unittestOf(project: ProjectView): readonly string[] | null {
  const folder = ['tests', 'test'].find((name) => project.has(`${name}/`));
  if (folder === undefined) return null;
  return ['unittest', 'discover', ...(project.has(`${folder}/__init__.py`) ? [] : ['-s', folder])];
}

function withPip(project: ProjectView, test: readonly string[] | null, verifyWhy: string): Finding {
  const lists = ['requirements.txt', 'requirements-dev.txt'].filter((name) => project.has(name));
  const isPackage = project.has('setup.py') || /^\[(build-system|project)\]/m.test(project.text('pyproject.toml'));
  const wanted = [...lists.flatMap((name) => ['-r', name]), ...(lists.length === 0 && isPackage ? ['-e', '.'] : [])];
  if (wanted.length === 0) return { setup: [], setupWhy: '', verify: test && ['python3', '-m', ...test], verifyWhy };
  const python = '.venv/bin/python';
  return {
    setup: [
      ['python3', '-m', 'venv', '.venv'],
      [python, '-m', 'pip', 'install', ...wanted],
    ],
    setupWhy: lists.length > 0 ? `there is a ${lists.join(' and a ')}` : 'the project is a Python package',
    verify: test && [python, '-m', ...test],
    verifyWhy,
  };
}

function lookForCargo(project: ProjectView): Finding | null {
  if (!project.has('Cargo.toml')) return null;
  const isLocked = project.has('Cargo.lock');
  return {
    setup: [['cargo', 'fetch', ...(isLocked ? ['--locked'] : [])]],
    setupWhy: isLocked ? 'there is a Cargo.lock' : 'there is a Cargo.toml',
    verify: ['cargo', 'test', '--offline'],
    verifyWhy: 'there is a Cargo.toml',
  };
}

function lookForGo(project: ProjectView): Finding | null {
  if (!project.has('go.mod')) return null;
  const setup = project.has('go.sum') ? [['go', 'mod', 'download']] : [];
  return { setup, setupWhy: 'there is a go.sum', verify: ['go', 'test', './...'], verifyWhy: 'there is a go.mod' };
}

function lookForMaven(project: ProjectView): Finding | null {
  if (!project.has('pom.xml')) return null;
  const maven = project.has('mvnw') ? './mvnw' : 'mvn';
  return {
    setup: [[maven, '-B', '-q', 'dependency:go-offline']],
    setupWhy: 'there is a pom.xml',
    verify: [maven, '-B', '-o', 'test'],
    verifyWhy: 'there is a pom.xml',
  };
}

function lookForGradle(project: ProjectView): Finding | null {
  const build = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'].find((name) => project.has(name));
  if (build === undefined) return null;
  const gradle = project.has('gradlew') ? './gradlew' : 'gradle';
  return {
    setup: [[gradle, '--no-daemon', 'testClasses']],
    setupWhy: `there is a ${build}`,
    verify: [gradle, '--no-daemon', '--offline', 'test'],
    verifyWhy: `there is a ${build}`,
  };
}

function lookForMake(project: ProjectView): { command: readonly string[]; why: string } | null {
  for (const file of ['GNUmakefile', 'makefile', 'Makefile']) {
    const target = ['test', 'check'].find((name) => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(project.text(file)));
    if (target !== undefined) return { command: ['make', target], why: `${file} has a target \`${target}\`` };
  }
  return null;
}
