/** Why a command could not be done: a sentence for people, and the exit code (1: could not be done, 2: asked wrongly). */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1, cause?: unknown) {
    super(message, { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
