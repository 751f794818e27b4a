import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AnsweringProgram } from '../platform/answering-program.js';
import { startAnswering } from '../platform/answering-program.js';
import type { Cancel, Clock } from '../ports/clock.js';
import type { GitCommand } from './run-git.js';

/** A git program that is kept to answer many questions. */
export interface KeptProgram {
  /**
   * Writes a question and resolves with that many lines, in the order of the questions. `undefined`: no answer, as git is too old for
   * it, refused, or was ended; whether it did anything is then to be looked at.
   */
  ask(question: string, lines: number): Promise<readonly string[] | undefined>;
  /** Ends it; the next question starts another. */
  end(): void;
}

/** How long a program is kept without a question. */
export const KEPT_IDLE_MS = 30_000;

/** Ends without a single answer after which it is not tried again: an older git has no such command. */
const MUTE_AT_MOST = 2;

interface Question {
  readonly lines: number;
  readonly heard: string[];
  readonly answer: (lines: readonly string[] | undefined) => void;
}

interface Running {
  readonly program: AnsweringProgram;
  readonly identity: string;
  readonly waiting: Question[];
}

/** Which folder of objects stands there now: a repository that was replaced is another one, whatever its path. */
function identityOf(commonDir: string): string {
  const folder = statSync(commonDir, { bigint: true });
  const objects = statSync(join(commonDir, 'objects'), { bigint: true });
  return [folder.dev, folder.ino, objects.dev, objects.ino].join(':');
}

function hear(waiting: Question[], line: string): void {
  const first = waiting[0];
  if (first === undefined) return;
  first.heard.push(line);
  if (first.heard.length < first.lines) return;
  waiting.shift();
  first.answer(first.heard);
}

/**
 * Keeps one program of git per repository. It is begun anew when another repository stands at the path, and ends with its idle time,
 * with `end`, and with this process, from whose pipe it reads.
 */
export function createKeptProgram(options: {
  readonly clock: Clock;
  readonly commonDir: () => Promise<string>;
  readonly command: (commonDir: string) => GitCommand;
}): KeptProgram {
  let running: Running | null = null;
  let cancelIdle: Cancel = () => undefined;
  let mute = 0;

  const end = (): void => {
    const ending = running;
    running = null;
    ending?.program.end();
    for (const { answer } of ending?.waiting.splice(0) ?? []) answer(undefined);
  };

  const start = (commonDir: string, identity: string): Running => {
    const waiting: Question[] = [];
    let rest = '';
    let hasAnswered = false;
    const program = startAnswering({
      ...options.command(commonDir),
      onOutput: (bytes) => {
        const lines = (rest + bytes.toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        hasAnswered = true;
        for (const line of lines) hear(waiting, line);
        if (waiting.length === 0) program.keepAwake(false);
      },
      onEnd: () => {
        if (running?.program === program) running = null;
        if (!hasAnswered) mute += 1;
        for (const { answer } of waiting.splice(0)) answer(undefined);
      },
    });
    return { program, identity, waiting };
  };

  return {
    end,
    ask: async (question, lines) => {
      if (mute >= MUTE_AT_MOST) return undefined;
      const commonDir = await options.commonDir();
      const identity = identityOf(commonDir);
      if (running !== null && running.identity !== identity) end();
      running ??= start(commonDir, identity);
      cancelIdle();
      cancelIdle = options.clock.after(KEPT_IDLE_MS, end);
      const { program, waiting } = running;
      return new Promise((answer) => {
        waiting.push({ lines, heard: [], answer });
        program.keepAwake(true);
        program.write(question);
      });
    },
  };
}
