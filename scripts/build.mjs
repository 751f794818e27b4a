import { ensureBuilt, ensureInstalled, runScript } from './set-up.mjs';

await runScript(async () => {
  await ensureInstalled();
  await ensureBuilt({ force: true });
});
