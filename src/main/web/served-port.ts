import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../runtime/ports/clock.js';
import { durableReplace } from '../runtime/workspace/durable-replace.js';
import { ownRecord, ownerState, parseOwner } from '../runtime/workspace/owner-record.js';

/** The first port that is tried for a workspace that was never served. */
export const firstPort = 47_100;

const serverSchema = z.object({
  port: z.int(),
  workspace: z.string(),
  process: z.unknown(),
});

const portsSchema = z.record(z.string(), z.int().min(1).max(65_535));

/** Which port belongs to which workspace, and who serves it, in the user's state folder: a page's address survives a restart. */
export class ServedPorts {
  readonly #dir: string;
  readonly #clock: Clock;

  constructor(stateHome: string, clock: Clock) {
    this.#dir = join(stateHome, 'web');
    this.#clock = clock;
  }

  /** Where codes and sessions of a port are kept. */
  accessDir(port: number): string {
    return join(this.#dir, String(port));
  }

  /** Ports to try in their order for a workspace (empty: none is open): its own, then those that are nobody's. */
  async candidates(workspace: string): Promise<readonly number[]> {
    const ports = await this.#ports();
    const own = ports[workspace];
    const taken = new Set(Object.values(ports));
    const free = Array.from({ length: 200 }, (_, at) => firstPort + at).filter((port) => !taken.has(port));
    return own === undefined ? free : [own, ...free];
  }

  /** Writes down that this process serves a workspace at a port, so that the next start takes the same and `muster link` finds it. */
  async note(workspace: string, port: number): Promise<void> {
    await mkdir(this.accessDir(port), { recursive: true, mode: 0o700 });
    await this.#write(join(this.#dir, 'ports.json'), { ...(await this.#ports()), [workspace]: port });
    await this.#write(join(this.accessDir(port), 'server.json'), { port, workspace, process: ownRecord(null, 0) });
  }

  /** The port at which a living process serves the workspace; null when none does. */
  async living(workspace: string): Promise<number | null> {
    for (const port of new Set(Object.values(await this.#ports()))) {
      const { data } = serverSchema.safeParse(await readJson(join(this.accessDir(port), 'server.json')));
      const server = data?.workspace === workspace ? parseOwner(JSON.stringify(data.process)) : null;
      if (data && server && ownerState(server) !== 'gone') return data.port;
    }
    return null;
  }

  async #ports(): Promise<Record<string, number>> {
    return portsSchema.safeParse(await readJson(join(this.#dir, 'ports.json'))).data ?? {};
  }

  async #write(path: string, value: unknown): Promise<void> {
    await durableReplace(path, `${JSON.stringify(value, null, 2)}\n`, { clock: this.#clock, mode: 0o600 });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null;
    throw error;
  }
}
