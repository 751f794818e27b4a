/** Git answered in a way that no rule foresees; `message` is a sentence with the command, its exit code and what it said. */
export class GitError extends Error {
  override readonly name: string = 'GitError';
  /** Arguments after `git`, without the fixed options. */
  readonly command: readonly string[];
  /** null when it did not exit by itself. */
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(command: readonly string[], exitCode: number | null, stderr: string, how?: string) {
    const ending = how ?? `exited with ${exitCode ?? 'a signal'}`;
    super(`Could not run \`git ${command.join(' ')}\`: it ${ending}${stderr.trim() === '' ? '.' : `: ${stderr.trim()}`}`);
    this.command = command;
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** A worktree is not what the runtime recorded, so no git command was run in it; `message` says what to do. */
export class WorktreeNotAsRecordedError extends Error {
  override readonly name = 'WorktreeNotAsRecordedError';
}
