import { PassThrough } from 'node:stream';
import { commandTable } from '../../src/main/cli/command-table.js';
import type { CliPlaces, Output } from '../../src/main/cli/cli-places.js';
import { runCli } from '../../src/main/cli/run-cli.js';
import { ok } from '../../src/shared/kernel/result.js';
import { FixedIds } from './fixed-ids.js';
import { ManualClock } from './manual-clock.js';
import type { MemoryRuntime } from './memory-runtime.js';

class Captured implements Output {
  text = '';
  readonly isTerminal = false;
  readonly columns = 120;
  readonly stream = new PassThrough();

  write(text: string): void {
    this.text += text;
  }
}

/** What a command did. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Gives commands to a command line over a runtime in memory, and keeps what they print. */
export class ScriptedTerminal {
  readonly #runtime: MemoryRuntime;
  readonly #cwd: string;
  readonly #ids = new FixedIds();
  changes: Partial<CliPlaces> = {};
  /** How often a command opened the workspace for writing. */
  opened = 0;

  constructor(runtime: MemoryRuntime, cwd: string) {
    this.#runtime = runtime;
    this.#cwd = cwd;
  }

  async run(...words: readonly string[]): Promise<CliRun> {
    const [stdout, stderr] = [new Captured(), new Captured()];
    const places: CliPlaces = {
      cwd: this.#cwd,
      env: {},
      stdout,
      stderr,
      clock: new ManualClock(),
      ids: this.#ids,
      openRuntime: () => {
        this.opened += 1;
        return Promise.resolve(ok(this.#runtime));
      },
      loadState: () => Promise.resolve({ state: this.#runtime.state(), notices: [] }),
      personName: () => Promise.resolve('Ann'),
      turnAbove: () => Promise.resolve(null),
      confirm: () => Promise.resolve(false),
      version: '1.2.3',
      openBrowser: () => Promise.resolve(),
      untilInterrupted: () => new Promise(() => undefined),
      ...this.changes,
    };
    const code = await runCli(words, commandTable, '1.2.3', places);
    return { code, out: stdout.text, err: stderr.text };
  }
}
