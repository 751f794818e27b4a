import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { AccessRole } from '../../src/shared/contract/rights.js';

const run = promisify(execFile);
const checkout = path.resolve(import.meta.dirname, '..', '..');

/** The built command line, or the one that `MUSTER_BUILT_CLI` names. */
const cli = process.env['MUSTER_BUILT_CLI'] ?? path.join(checkout, 'out', 'cli', 'muster.js');

/** The program as people start it, with a state folder of its own: `muster start`, which serves the page on this machine. */
export class ServedApp {
  readonly home: string;
  private child: ChildProcess | null = null;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(): Promise<ServedApp> {
    return new ServedApp(await mkdtemp(path.join(os.tmpdir(), 'muster-e2e-')));
  }

  /** The workspace of the sample, once it is made. */
  get sample(): string {
    return path.join(this.home, 'state', 'sample', '1', 'workspace');
  }

  /** Starts it; resolves with the one-time address that it prints. */
  async start(): Promise<string> {
    const child = spawn(process.execPath, [cli, 'start', '--json'], { ...this.surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let complaints = '';
    child.stderr.on('data', (text) => (complaints += String(text)));
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { readonly url: string };
      return url;
    }
    throw new Error(`Muster did not start: ${complaints}`);
  }

  /** A fresh link to the sample's board, from the command line. */
  async link(role: AccessRole, name: string): Promise<string> {
    const words = ['link', '--role', role, '--name', name, '--workspace-root', this.sample, '--json'];
    const { stdout } = await run(process.execPath, [cli, ...words], this.surroundings);
    return (JSON.parse(stdout) as { readonly url: string }).url;
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  private get surroundings(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
    const env = {
      ...process.env,
      MUSTER_STATE_HOME: path.join(this.home, 'state'),
      MUSTER_REHEARSAL_SPEED: '0',
      GIT_CONFIG_GLOBAL: '/dev/null',
    };
    return { cwd: this.home, env };
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
