import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { RehearsalInput } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import { createRehearsalRunner } from '../../src/main/runtime/runners/rehearsal/rehearsal-runner.js';
import type { RunnerFactory, Scenario } from './runner-contract.js';
import { describeRunner } from './runner-contract.js';

type Turn = NonNullable<RehearsalInput['turns']>[number];

const report = { summary: 'Done.' };
const turns: Readonly<Record<Exclude<Scenario, 'cannot-start'>, Omit<Turn, 'when'>>> = {
  works: {
    says: ['Looking around.'],
    edits: [{ write: 'made.txt', content: 'made\n' }],
    commands: [['echo', 'rehearsed-command']],
    usage: { input_tokens: 900, cached_input_tokens: 300, output_tokens: 100 },
    report,
  },
  prose: { answer: 'I think it went well.' },
  'long-answer': { answer_bytes: 2_000_000 },
  'endless-answer': { answer_bytes: 100_000_000 },
  'never-ends': { says: ['Waiting.'], forks_daemon: true, never_ends: true },
  'leaves-daemon': { forks_daemon: true, report },
  crashes: { crash: true },
};

const factory =
  (bwrapPath: string | null): RunnerFactory =>
  async (scenario, folder) => {
    const guardian = await createProcessGuardian({ ledgerDir: join(folder, 'ledger'), clock: new SystemClock(), bwrapPath });
    return createRehearsalRunner({
      guardian,
      playerPath: join(import.meta.dirname, '../../resources/rehearsal-player.mjs'),
      env: { PATH: process.env['PATH'] ?? '' },
      rehearsal: {
        version: 1,
        name: 'contract',
        turns: scenario === 'cannot-start' ? [] : [{ when: { role: 'developer' }, ...turns[scenario] }],
      },
    });
  };

const bwrap = '/usr/bin/bwrap';
if (existsSync(bwrap)) describeRunner('rehearsal, in a process namespace', factory(bwrap));
describeRunner('rehearsal, under a watchdog', factory(null));
