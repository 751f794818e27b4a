import { appendFileSync } from 'node:fs';
import process from 'node:process';

/** Where a run is to be killed; everything in it was chosen by the crash test from its seed. */
export interface KillPlan {
  /** `point | instance`: the first time that one of them is reached; `point | *` for any instance. */
  readonly targets: readonly string[];
  /** The nth time that a point is reached in this run, whatever it is about; null: not. */
  readonly chance: { readonly point: string; readonly nth: number } | null;
}

/** One line of the log that outlives the kills. `ms` counts from the start of the process. */
export type CrashLine =
  | { readonly t: 'reached' | 'killed'; readonly point: string; readonly instance: string; readonly ms: number }
  | { readonly t: 'durable'; readonly seq: number; readonly ms: number }
  | { readonly t: 'started'; readonly turnId: string; readonly attempt: number; readonly ms: number }
  | { readonly t: 'opened' | 'working'; readonly ms: number };

type Bare<T> = T extends unknown ? Omit<T, 'ms'> : never;

/** Ends this process without a last word at the points that the plan names, and writes down which points were reached. */
export class Killer {
  readonly #plan: KillPlan;
  readonly #targets: ReadonlySet<string>;
  readonly #log: string;
  #chances = 0;

  constructor(plan: KillPlan, log: string) {
    this.#plan = plan;
    this.#targets = new Set(plan.targets);
    this.#log = log;
  }

  /** Returns only if this is not the end. */
  reach(point: string, instance: string): void {
    this.note({ t: 'reached', point, instance });
    const isTarget = this.#targets.has(`${point} | ${instance}`) || this.#targets.has(`${point} | *`);
    if (isTarget || this.isChance(point)) this.kill(point, instance);
  }

  /** Counts a point that has no instance of its own; true when the process is to end there. */
  isChance(point: string): boolean {
    if (this.#plan.chance?.point !== point) return false;
    this.#chances += 1;
    return this.#chances === this.#plan.chance.nth;
  }

  kill(point: string, instance: string): void {
    this.note({ t: 'killed', point, instance });
    process.kill(process.pid, 'SIGKILL');
  }

  /** One append per line: it is in the system's cache when the next instruction runs. */
  note(line: Bare<CrashLine>): void {
    appendFileSync(this.#log, `${JSON.stringify({ ...line, ms: Math.round(process.uptime() * 1000) })}\n`);
  }
}
