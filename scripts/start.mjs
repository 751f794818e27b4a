import path from 'node:path';
import process from 'node:process';
import { handOver } from '../bin/hand-over.mjs';
import { bundledEnvironment, bundledNode, checkout, ensureBuilt, ensureGit, ensureInstalled, ensureJail, runScript } from './set-up.mjs';
import { electronProgram, hasDisplay, windowObstacle } from './window-obstacle.mjs';

/** `npm start -- demo …` plays the sample sprint in the terminal; `--headless` can mean nothing else. */
const playsDemo = (args) => args[0] === 'demo' || args.includes('--headless');

function musterWords(args, obstacle) {
  if (playsDemo(args)) return args[0] === 'demo' ? args : ['demo', ...args];
  const opens = hasDisplay(process.platform, process.env) && process.stdout.isTTY ? ['--open'] : [];
  return ['start', '--because', obstacle, ...opens, ...args];
}

await runScript(async () => {
  await ensureGit();
  await ensureInstalled();
  await ensureJail();
  await ensureBuilt();
  const args = process.argv.slice(2);
  const obstacle = windowObstacle({ root: checkout });
  const env = bundledEnvironment();
  if (obstacle === null && !playsDemo(args))
    await handOver(electronProgram(checkout), [path.join(checkout, 'out', 'electron', 'main.js'), ...args], { env });
  else await handOver(bundledNode(), [path.join(checkout, 'out', 'cli', 'muster.js'), ...musterWords(args, obstacle)], { env });
});
