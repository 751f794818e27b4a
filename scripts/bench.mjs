import { fork } from 'node:child_process';
import { readdirSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { withProgress } from './progress.mjs';
import { bundledEnvironment, bundledNode, checkout, ensureBuilt, ensureInstalled, runScript, runVite, SetUpFailure } from './set-up.mjs';

/** `board-fold` of `bench/board-fold.ts`. */
function benchNames() {
  const folder = path.join(checkout, 'bench');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.basename(file, '.ts'))
    .sort();
}

/** Runs one bench in a process of its own, so that no figure carries another's heap; what it prints goes to standard error. */
function runBench(name) {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(checkout, 'scripts', 'bench-one.mjs'), [path.join(checkout, 'out', 'bench', `${name}.js`), name], {
      cwd: checkout,
      env: bundledEnvironment(),
      execPath: bundledNode(),
      execArgv: ['--expose-gc', '--enable-source-maps'],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    let figures = null;
    child.on('message', (message) => {
      figures = message;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && figures !== null) resolve(figures);
      else reject(new SetUpFailure(`Could not measure ${name}: bench/${name}.ts ended with code ${code}; its messages are above.`));
    });
  });
}

await runScript(async () => {
  await ensureInstalled();
  const wanted = process.argv.slice(2);
  const all = benchNames();
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new SetUpFailure(`There is no bench ${unknown.join(', ')}; there are: ${all.join(', ') || 'none yet'}.`);
  const chosen = wanted.length > 0 ? wanted : all;
  // The board is measured as people get it: the built page.
  if (chosen.includes('board')) await ensureBuilt();
  const figures = {};
  if (all.length > 0) await withProgress('Building the benches', () => runVite(checkout, ['--mode', 'bench']));
  for (const name of chosen) figures[name] = await withProgress(`Measuring ${name}`, () => runBench(name));
  const machine = {
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    memory_mib: Math.round(os.totalmem() / 2 ** 20),
    platform: process.platform,
  };
  process.stdout.write(`${JSON.stringify({ measured_at: new Date().toISOString(), machine, figures }, null, 2)}\n`);
});
