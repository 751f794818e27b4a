import process from 'node:process';

const FIRST_TICK_MS = 1_000;
const TERMINAL_TICK_MS = 1_000;
const LOG_TICK_MS = 10_000;

/** Writes one line for people. It goes to standard error, so that standard output stays the program's own. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** `3.2 s` or `2 min 05 s`. */
export function elapsedText(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/**
 * Shows what is being done and for how long, as one ticking line in a terminal and as a line every ten seconds in a log.
 * `text` is asked on every tick. The returned function ends the display and returns the time that passed, in milliseconds.
 *
 * @param {() => string} text
 */
export function showProgress(text) {
  const started = performance.now();
  const isTerminal = process.stderr.isTTY === true;
  const tick = () => {
    const line = `${text()} … ${elapsedText(performance.now() - started)}`;
    if (isTerminal) process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
    else say(line);
  };
  let timer = setTimeout(
    () => {
      tick();
      timer = setInterval(tick, isTerminal ? TERMINAL_TICK_MS : LOG_TICK_MS);
    },
    isTerminal ? FIRST_TICK_MS : LOG_TICK_MS,
  );
  return () => {
    clearTimeout(timer);
    if (isTerminal) process.stderr.write('\r\u001b[2K');
    return performance.now() - started;
  };
}

/**
 * Does `work` with its title and its time on the screen; a failure is passed on.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  if (process.stderr.isTTY !== true) say(`${title} …`);
  const end = showProgress(() => title);
  try {
    const result = await work();
    say(`${title}: done in ${elapsedText(end())}`);
    return result;
  } catch (error) {
    say(`${title}: failed after ${elapsedText(end())}`);
    throw error;
  }
}
