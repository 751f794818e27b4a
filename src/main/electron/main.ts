import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, powerMonitor } from 'electron';
import { turnAbove } from '../host/turn-above.js';
import { packageRoot } from '../runtime/platform/package-root.js';
import { stateHome } from '../runtime/workspace/state-folder.js';
import { registerAppScheme } from './app-scheme.js';
import { readLaunchWords, wordsHandedOver } from './launch-words.js';
import type { LaunchWords } from './launch-words.js';
import { lockContents } from './lock-down.js';
import { shellHost } from './shell-host.js';
import { shellText } from './shell-text.js';
import { Shell } from './shell.js';

const onLog = (line: string): void => void process.stderr.write(`${line}\n`);

/** The window's own folder holds the lock that lets one instance run, and what Chromium keeps. */
const stateDir = join(stateHome(), 'window');

function makeShell(words: LaunchWords): Shell {
  return new Shell({
    host: shellHost(onLog),
    words,
    isDev: process.env['MUSTER_DEV'] === '1',
    preload: join(import.meta.dirname, 'preload.cjs'),
    webRoot: join(packageRoot(), 'out', 'web'),
    pictures: join(packageRoot(), 'resources', 'window'),
    buildStamp: join(import.meta.dirname, '..', '.built'),
    stateDir,
    onLog,
  });
}

async function run(words: LaunchWords): Promise<void> {
  await app.whenReady();
  const tag = await turnAbove(process.env, process.ppid);
  if (tag !== null) throw new Error(`A window that is started below a turn (${tag}) is never a person's. Start it yourself.`);
  const shell = makeShell(words);
  app.on('before-quit', shell.quit.asked);
  app.on('activate', () => shell.show());
  app.on('second-instance', (_event, _words, _cwd, handedOver) => void shell.startedAgain(wordsHandedOver(handedOver)));
  powerMonitor.on('shutdown', () => shell.quit.now('The system shuts down.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => shell.quit.now(`${signal} came.`));
  await shell.start();
}

function failed(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  onLog(`${shellText.failed}: ${reason}`);
  dialog.showErrorBox(shellText.failed, reason);
  app.exit(1);
}

// What stands here has to happen before the app is ready; nothing of it may wait.
const words = readLaunchWords(process.argv.slice(1), process.cwd());
app.setName(shellText.product);
mkdirSync(stateDir, { recursive: true, mode: 0o700 });
app.setPath('userData', stateDir);
app.enableSandbox();
registerAppScheme();
app.on('web-contents-created', (_event, contents) => lockContents(contents, onLog));
if (app.requestSingleInstanceLock({ ...words })) run(words).catch(failed);
else app.quit();
