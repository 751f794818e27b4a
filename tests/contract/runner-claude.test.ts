import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe } from 'vitest';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import { createClaudeRunner } from '../../src/main/runtime/runners/claude/claude-runner.js';
import { FakeMessagesServer } from '../fakes/fake-messages-server.js';
import { cachedCli, makeHome } from '../fixtures/cli-cache.js';
import { claudeTools, playScenario } from '../fixtures/cli-scenarios.js';
import { surroundingsOf } from '../fixtures/cli-turn.js';
import type { RunnerFactory } from './runner-contract.js';
import { describeRunner } from './runner-contract.js';

const claude = await cachedCli('claude');
const bwrap = existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : null;
const homes = new Map<string, string>();
const servers: FakeMessagesServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  for (const home of homes.values()) rmSync(home, { recursive: true, force: true });
});

const factory =
  (claudePath: string, jailPath: string, guardianPath: string | null): RunnerFactory =>
  async (scenario, folder) => {
    const server = await FakeMessagesServer.start(playScenario(scenario, folder, claudeTools, ['claude', 'claude.exe']));
    servers.push(server);
    // A session goes on only in the folder in which it began.
    const homeDir = homes.get(folder) ?? makeHome();
    homes.set(folder, homeDir);
    return createClaudeRunner({
      guardian: await createProcessGuardian({ ledgerDir: join(folder, 'ledger'), clock: new SystemClock(), bwrapPath: guardianPath }),
      claudePath: scenario === 'cannot-start' ? join(folder, 'no-claude-here') : claudePath,
      homeDir,
      env: { PATH: process.env['PATH'], HOME: homeDir, ANTHROPIC_API_KEY: 'a-key-for-loopback', ANTHROPIC_BASE_URL: server.origin },
      surroundings: surroundingsOf(jailPath),
      maxOutputBytes: 8 * 1024 * 1024,
    });
  };

if (claude.kind === 'ready' && bwrap) {
  describeRunner(`claude ${claude.version}, in a process namespace`, factory(claude.path, bwrap, bwrap));
  describeRunner(`claude ${claude.version}, under a watchdog`, factory(claude.path, bwrap, null));
} else describe.skip(`the runner claude (${claude.kind === 'ready' ? 'bubblewrap is not installed' : claude.reason})`);
