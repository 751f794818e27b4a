import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe } from 'vitest';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import { createCodexRunner } from '../../src/main/runtime/runners/codex/codex-runner.js';
import { FakeResponsesServer } from '../fakes/fake-responses-server.js';
import { cachedCli, makeHome } from '../fixtures/cli-cache.js';
import { codexTools, playScenario } from '../fixtures/cli-scenarios.js';
import { surroundingsOf } from '../fixtures/cli-turn.js';
import type { RunnerFactory } from './runner-contract.js';
import { describeRunner } from './runner-contract.js';

const codex = await cachedCli('codex');
const bwrap = existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : null;
const homes = new Map<string, string>();
const servers: FakeResponsesServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  for (const home of homes.values()) rmSync(home, { recursive: true, force: true });
});

const factory =
  (codexPath: string, bwrapPath: string | null): RunnerFactory =>
  async (scenario, folder) => {
    const server = await FakeResponsesServer.start(playScenario(scenario, folder, codexTools, ['codex']));
    servers.push(server);
    // A session goes on only in the home in which it began.
    const homeDir = homes.get(folder) ?? makeHome();
    homes.set(folder, homeDir);
    return createCodexRunner({
      clock: new SystemClock(),
      surroundings: surroundingsOf(bwrap),
      guardian: await createProcessGuardian({ ledgerDir: join(folder, 'ledger'), clock: new SystemClock(), bwrapPath }),
      codexPath: scenario === 'cannot-start' ? join(folder, 'no-codex-here') : codexPath,
      homeDir,
      env: { PATH: process.env['PATH'], HOME: homeDir },
      extraConfig: server.config,
      maxOutputBytes: 8 * 1024 * 1024,
    });
  };

if (codex.kind === 'ready') {
  if (bwrap) describeRunner(`codex ${codex.version}, in a process namespace`, factory(codex.path, bwrap));
  describeRunner(`codex ${codex.version}, under a watchdog`, factory(codex.path, null));
} else describe.skip(`the runner codex (no real codex here: ${codex.reason})`);
