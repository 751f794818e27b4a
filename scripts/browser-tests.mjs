import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runInMemory } from './memory-folder.mjs';
import { say, showProgress, withProgress } from './progress.mjs';
import { lastLines, runCaptured } from './run-captured.mjs';
import { bundledEnvironment, bundledNode, checkout } from './set-up.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The first Chromium on a path; null when there is none. */
export function browserOnPath(env = process.env) {
  const folders = (env.PATH ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram) ?? null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

const playwright = path.join('node_modules', '@playwright', 'test', 'cli.js');

/** Where Playwright keeps its own Chromium, there or not. */
async function ownBrowser() {
  const script = "import('@playwright/test').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const { code, output } = await runCaptured(bundledNode(), ['-e', script], { cwd: checkout, env: bundledEnvironment() });
  return code === 0 && existsSync(output) ? output : null;
}

/** Ways to a browser, one after the other: each says what it does. */
const ways = [
  {
    title: 'Downloading Chromium for the browser tests (Playwright, once)',
    isPossible: () => true,
    run: () => runCaptured(bundledNode(), [playwright, 'install', 'chromium'], { cwd: checkout, env: bundledEnvironment() }),
  },
  {
    title: 'Installing Chromium for the browser tests (apt-get)',
    isPossible: () => process.platform === 'linux' && process.getuid?.() === 0,
    run: () => runCaptured('apt-get', ['install', '-y', 'chromium'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }),
  },
];

/** A browser of this machine, or one that was fetched for the tests; null, with the reason said, where none could be had. */
export async function ensureBrowser() {
  const found = () => process.env.MUSTER_BROWSER || browserOnPath();
  const there = found() ?? (await ownBrowser());
  if (there !== null) return there;
  const failures = [];
  for (const { title, isPossible, run } of ways) {
    if (!isPossible()) continue;
    const { code, output } = await withProgress(title, run);
    const got = code === 0 ? (found() ?? (await ownBrowser())) : null;
    if (got !== null) return got;
    failures.push(lastLines(output, 3));
  }
  say(
    `${failures.join('\n')}\nCould not find or fetch a Chromium, so the tests in a browser are skipped. ` +
      'Install chromium or google-chrome, or name one with MUSTER_BROWSER, then run this again.',
  );
  return null;
}

/** Runs the tests in a browser over the built page and counts them. Without a browser they count as one that was skipped. */
export async function runBrowserTests() {
  const browser = await ensureBrowser();
  if (browser === null) return { passed: 0, failed: 0, skipped: 1 };
  const report = path.join(checkout, 'node_modules', '.cache', 'muster', 'browser-report.json');
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const env = { ...bundledEnvironment(), MUSTER_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const end = process.stdout.isTTY ? () => {} : showProgress(() => 'Tests run in the browser');
  const { code } = await runInMemory(bundledNode(), [path.join(checkout, playwright), 'test', '-c', 'e2e', '--reporter=list,json'], {
    cwd: checkout,
    env,
  });
  end();
  return browserTally(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, code ?? 1);
}

/**
 * Counts what a Playwright run reported. A test that passed only when it was repeated has failed.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | null} report null when there is none.
 * @param {number} exitCode
 */
export function browserTally(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return { passed: expected, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}
