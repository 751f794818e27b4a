import type { BrowserWindow } from 'electron';
import type { Clock } from '../runtime/ports/clock.js';
import { ask } from './questions.js';
import { shellText } from './shell-text.js';

/** Pauses before the page is loaded again; after as many ends within a minute a person is asked. */
const pausesMs: readonly number[] = [250, 1_000, 4_000];

const minuteMs = 60_000;

/** Loads the page again when its process ends, and asks a person where that does not help or the page does not answer. */
export class PageWatch {
  readonly #window: BrowserWindow;
  readonly #clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly #onLog: (line: string) => void;
  #ends: number[] = [];
  #waiting: AbortController | null = null;

  constructor(window: BrowserWindow, clock: Pick<Clock, 'after' | 'monotonicMs'>, onLog: (line: string) => void) {
    this.#window = window;
    this.#clock = clock;
    this.#onLog = onLog;
  }

  start(): void {
    const { webContents } = this.#window;
    webContents.on('render-process-gone', (_event, { reason }) => this.#ended(reason));
    webContents.on('unresponsive', () => void this.#askToWait());
    webContents.on('responsive', () => this.#waiting?.abort());
    webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      // -3: another load took its place.
      if (isMainFrame && code !== -3) this.#ended(description);
    });
  }

  #ended(reason: string): void {
    if (reason === 'clean-exit') return;
    const now = this.#clock.monotonicMs();
    this.#ends = [...this.#ends.filter((at) => now - at < minuteMs), now];
    this.#onLog(`The page of the window ended: ${reason}.`);
    const pause = pausesMs[this.#ends.length - 1];
    if (pause === undefined) void this.#askToReload(reason);
    else this.#clock.after(pause, () => this.#reload());
  }

  async #askToReload(reason: string): Promise<void> {
    const { message, detail, reload, leave } = shellText.crash;
    const answer = await ask(this.#window, {
      type: 'error',
      message,
      detail: detail(this.#ends.length, reason),
      answers: [
        ['reload', reload],
        ['leave', leave],
      ],
      otherwise: 'leave',
    });
    this.#ends = [];
    if (answer === 'reload') this.#reload();
  }

  async #askToWait(): Promise<void> {
    if (this.#waiting) return;
    const { message, detail, wait, reload } = shellText.unresponsive;
    this.#waiting = new AbortController();
    const answer = await ask(this.#window, {
      type: 'warning',
      message,
      detail,
      answers: [
        ['wait', wait],
        ['reload', reload],
      ],
      otherwise: 'wait',
      signal: this.#waiting.signal,
    });
    this.#waiting = null;
    // A page that hangs cannot load itself again; its end is noticed as any other.
    if (answer === 'reload' && !this.#window.isDestroyed()) this.#window.webContents.forcefullyCrashRenderer();
  }

  #reload(): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.reload();
  }
}
