import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runBrowserTests } from './browser-tests.mjs';
import { STATIC_CHECKS, runChecks } from './checks.mjs';
import { runInMemory } from './memory-folder.mjs';
import { showProgress } from './progress.mjs';
import {
  bundledEnvironment,
  bundledNode,
  checkout,
  ensureBuilt,
  ensureGit,
  ensureInstalled,
  ensureJail,
  runScript,
  SetUpFailure,
} from './set-up.mjs';
import { skippedProofsLine, tallyLine, tallyOf } from './test-tally.mjs';

const USAGE = 'Usage: npm test -- [--long] [--kills N] [file name or vitest option …]';

/** Takes our own options out; the rest is vitest's. */
function readArguments(argv) {
  const own = { isLong: false, kills: null, rest: [] };
  for (let at = 0; at < argv.length; at += 1) {
    if (argv[at] === '--long') own.isLong = true;
    else if (argv[at] === '--kills') own.kills = argv[++at] ?? '';
    else own.rest.push(argv[at]);
  }
  if (own.kills !== null && !/^[1-9]\d*$/.test(own.kills))
    throw new SetUpFailure(`--kills takes a whole number above zero, not "${own.kills}". ${USAGE}`);
  return own;
}

/** Runs vitest on the bundled Node in this terminal and counts its runs. */
async function runTests({ isLong, kills, rest }) {
  const report = path.join(checkout, 'node_modules', '.cache', 'muster', 'test-report.json');
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const env = { ...bundledEnvironment(), ...(isLong ? { MUSTER_LONG: '1' } : {}), ...(kills === null ? {} : { MUSTER_KILLS: kills }) };
  const vitest = path.join(checkout, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...rest];
  const end = process.stdout.isTTY ? () => {} : showProgress(() => 'Tests are running');
  const { code } = await runInMemory(bundledNode(), args, { cwd: checkout, env });
  end();
  return tallyOf(readReport(report), code ?? 1);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

await runScript(async () => {
  const options = readArguments(process.argv.slice(2));
  await ensureGit();
  await ensureInstalled();
  const sentence = await ensureJail();
  // A person who names a file wants that file; the whole run is also the merge gate.
  const isWhole = options.rest.length === 0;
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  const checks = isWhole ? await runChecks(STATIC_CHECKS) : nothing;
  await ensureBuilt();
  const tests = await runTests(options);
  const inBrowser = isWhole ? await runBrowserTests() : nothing;
  const tally = {
    passed: checks.passed + tests.passed + inBrowser.passed,
    failed: checks.failed + tests.failed + inBrowser.failed,
    skipped: tests.skipped + inBrowser.skipped,
  };
  process.exitCode = tally.failed === 0 ? 0 : 1;
  const proofs = skippedProofsLine(tally, { hasBubblewrap: existsSync('/usr/bin/bwrap'), sentence });
  process.stdout.write(`${proofs === '' ? '' : `${proofs}\n`}${tallyLine(tally)}\n`);
});
