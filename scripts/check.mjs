import process from 'node:process';
import { STATIC_CHECKS, UNIT_TESTS, runChecks } from './checks.mjs';
import { ensureInstalled, runScript } from './set-up.mjs';

await runScript(async () => {
  await ensureInstalled();
  const { failed } = await runChecks([UNIT_TESTS, ...STATIC_CHECKS]);
  if (failed > 0) process.exitCode = 1;
});
