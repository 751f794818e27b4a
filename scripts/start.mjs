import path from 'node:path';
import process from 'node:process';
import { handOver } from '../bin/hand-over.mjs';
import { bundledEnvironment, bundledNode, checkout, ensureBuilt, ensureGit, ensureInstalled, ensureJail, runScript } from './set-up.mjs';

await runScript(async () => {
  await ensureGit();
  await ensureInstalled();
  await ensureJail();
  await ensureBuilt();
  await handOver(bundledNode(), [path.join(checkout, 'out', 'cli', 'muster.js'), 'demo', ...process.argv.slice(2)], {
    env: bundledEnvironment(),
  });
});
