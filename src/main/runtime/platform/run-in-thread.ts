import { Worker } from 'node:worker_threads';

/** A thread that could not be begun or broke down before it had an answer. */
export class ThreadError extends Error {
  constructor(program: string, cause: unknown) {
    super(`Could not run ${program} beside Muster: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ThreadError';
  }
}

/** Runs a program of Muster's own in a thread, with `data` as its `workerData`, and resolves with the one message that it posts. */
export function runInThread(program: string, data: unknown, execArgv: readonly string[] = process.execArgv): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(new ThreadError(program, cause));
    let worker: Worker;
    try {
      worker = beginThread(program, data, execArgv);
    } catch (error) {
      return failed(error);
    }
    worker.once('message', resolve);
    worker.once('error', failed);
    worker.once('exit', (code) => failed(new Error(`it ended with code ${code} and said nothing.`)));
  });
}

/** Flags of this process go along as far as a thread can have them: those of V8 belong to the whole process. */
function beginThread(program: string, data: unknown, execArgv: readonly string[]): Worker {
  try {
    return new Worker(program, { workerData: data, execArgv: [...execArgv] });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_INVALID_EXEC_ARGV')) throw error;
    return new Worker(program, { workerData: data, execArgv: [] });
  }
}
