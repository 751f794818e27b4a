/**
 * Who may import whom (house rules: the arrows of ARCHITECTURE.md). Every rule here is tested by planting a violation of it in
 * tests/integration/walls.test.ts.
 */

/** @param {string} name An outside package, installed or not. */
const packageNamed = (name) => `(^|/)node_modules/${name}/|^${name}(/|$)`;

/** An outside package that only the given places may import. */
const fence = (name, packages, places, comment) => ({
  name: `fence-${name}`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: places },
  to: { path: packages },
});

/** A layer that may import only the given places of src. */
const layer = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});

const KERNEL = '^src/shared/kernel/';
const DOMAIN = '^src/shared/domain/';
const CONTRACT = '^src/shared/contract/';
const SHARED = '^src/shared/';
const RUNTIME = '^src/main/runtime/';
const PORTS = '^src/main/runtime/ports/';
const PLATFORM = '^src/main/runtime/platform/';
const EFFECTS = '^src/main/runtime/effects/';
const ROLES = '^src/main/runtime/roles/';
const API = '^src/main/api/';
const HOST = '^src/main/host/';
const WEB = '^src/main/web/';

const layers = [
  layer('kernel-imports-nothing', KERNEL, [], 'The kernel stands under everything.'),
  layer('domain-imports-kernel', DOMAIN, [KERNEL], 'The domain is pure functions over the kernel.'),
  layer('contract-imports-domain', CONTRACT, [DOMAIN, KERNEL], 'The contract describes what crosses a boundary, not who carries it.'),
  layer('runtime-imports-shared', RUNTIME, [SHARED], 'The runtime knows no shell.'),
  layer('api-imports-runtime', API, [RUNTIME, SHARED], 'Handlers are one to three lines over the runtime.'),
  layer('host-imports-api', HOST, [API, RUNTIME, SHARED], 'A host owns a workspace and knows no shell.'),
  layer('web-imports-host', WEB, [HOST, API, RUNTIME, SHARED], 'The web server carries the contract.'),
  layer('electron-imports-web', '^src/main/electron/', [WEB, HOST, API, RUNTIME, SHARED], 'The window and the command line are peers.'),
  layer('cli-imports-web', '^src/main/cli/', [WEB, HOST, API, RUNTIME, SHARED], 'The window and the command line are peers.'),
  layer('renderer-imports-shared', '^src/renderer/', [SHARED], 'A screen reaches the runtime through the contract only.'),
];

const rooms = [
  layer('ports-import-shared', PORTS, [SHARED], 'A port is a promise; it knows no adapter.'),
  layer('platform-imports-ports', PLATFORM, [PORTS, SHARED], 'The platform stands under every service.'),
  layer('effects-import-ports', EFFECTS, [PORTS, PLATFORM, ROLES, SHARED], 'Effect handlers get their services handed in.'),
  {
    name: 'services-are-peers',
    comment: 'No service of the runtime imports another or what composes them: only the files at the top of src/main/runtime compose.',
    severity: 'error',
    from: { path: '^src/main/runtime/(?!ports/|platform/|effects/)([^/]+)/' },
    to: { path: RUNTIME, pathNot: ['^src/main/runtime/$1/', PORTS, PLATFORM] },
  },
];

const fences = [
  fence('electron', packageNamed('electron'), ['^src/main/electron/'], 'The command line runs where Electron was never downloaded.'),
  fence('discord', packageNamed('discord\\.js'), ['^src/main/runtime/discord/'], 'One adapter knows Discord.'),
  fence('chokidar', packageNamed('chokidar'), ['^src/main/runtime/workspace/watcher\\.ts$'], 'One file watches.'),
  fence(
    'atomic-write',
    packageNamed('write-file-atomic'),
    ['^src/main/runtime/workspace/projection-writer\\.ts$'],
    'One file writes projections.',
  ),
  fence(
    'yaml',
    packageNamed('yaml'),
    ['^src/main/runtime/workspace/', '^src/main/runtime/runners/rehearsal/'],
    'YAML is a file format, not a data model.',
  ),
  fence('ws', packageNamed('ws'), [WEB], 'Sockets belong to the web server.'),
  fence('openapi', packageNamed('@orpc/(openapi|zod)'), [WEB], 'Its document describes what the web server carries.'),
  fence(
    'react',
    packageNamed('(react|react-dom|react-markdown|react-diff-view|radix-ui|@radix-ui|cmdk|lucide-react|@tanstack|@fontsource-variable)'),
    ['^src/renderer/'],
    'What draws stays on the screen.',
  ),
  fence('zustand', packageNamed('zustand'), ['^src/renderer/'], 'Screen state stays on the screen.'),
  fence('dnd-kit', packageNamed('@dnd-kit'), ['^src/renderer/'], 'Dragging stays on the screen.'),
  fence(
    'processes',
    `^(node:)?child_process$|${packageNamed('execa')}`,
    [PLATFORM],
    'Every process is started where it is counted and ended.',
  ),
  fence(
    'zod',
    packageNamed('zod'),
    [CONTRACT, '^src/main/', '^src/renderer/'],
    'The domain needs no schemas: the contract parses before it.',
  ),
  fence(
    'commander',
    `${packageNamed('commander')}|${packageNamed('@clack')}`,
    ['^src/main/cli/'],
    'Arguments and prompts belong to the command line.',
  ),
  fence('sqlite', '^(node:)?sqlite$', ['^src/main/runtime/workspace/owner-lock\\.ts$'], 'SQLite holds the owner lock and nothing else.'),
];

module.exports = {
  forbidden: [
    ...layers,
    ...rooms,
    ...fences,
    {
      name: 'preload-is-thin',
      comment: 'A sandboxed window loads one file, which may ask for electron alone; what it hands to the page is named in the contract.',
      severity: 'error',
      from: { path: '^src/main/electron/preload\\.ts$' },
      to: { pathNot: [CONTRACT, packageNamed('electron')] },
    },
    {
      name: 'shared-is-plain',
      comment: 'Shared code runs in a window as well: no module of Node.',
      severity: 'error',
      from: { path: SHARED },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'kernel-and-domain-use-no-package',
      comment: 'Rules must not change because a package did.',
      severity: 'error',
      from: { path: [KERNEL, DOMAIN] },
      to: { path: '(^|/)node_modules/' },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'src-stands-alone',
      comment: 'What is shipped needs no test, bench or script.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|scripts|e2e|eslint-rules)/' },
    },
    {
      name: 'no-development-package',
      comment: 'What is shipped needs only what is installed with it; the page is bundled with its packages before it is shipped.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/renderer/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
