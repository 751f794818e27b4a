import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../runtime/ports/clock.js';
import { durableReplace } from '../runtime/workspace/durable-replace.js';

const mostKept = 20;

const recordSchema = z.object({
  version: z.literal(1),
  workspaces: z.array(z.object({ path: z.string(), project: z.string(), name: z.string(), openedAt: z.string() })),
});

/** A workspace that was open once. */
export type RecentWorkspace = z.infer<typeof recordSchema>['workspaces'][number];

/** Workspaces that this user opened, newest first, kept in a file. */
export class RecentWorkspaces {
  readonly #path: string;
  readonly #clock: Clock;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** What the file says; a file that is missing or of another version says nothing. */
  async list(): Promise<readonly RecentWorkspace[]> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return recordSchema.safeParse(jsonOrNull(text)).data?.workspaces ?? [];
  }

  /** Puts a workspace first. */
  add(workspace: Omit<RecentWorkspace, 'openedAt'>): Promise<void> {
    const task = this.#writing.then(() => this.#add({ ...workspace, openedAt: this.#clock.now() }));
    this.#writing = task.catch(() => undefined);
    return task;
  }

  async #add(workspace: RecentWorkspace): Promise<void> {
    const others = (await this.list()).filter(({ path }) => path !== workspace.path);
    const record = { version: 1, workspaces: [workspace, ...others].slice(0, mostKept) };
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await durableReplace(this.#path, `${JSON.stringify(record, null, 2)}\n`, { clock: this.#clock, mode: 0o600 });
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
