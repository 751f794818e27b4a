import type { JournalProblem } from '../ports/journal.js';
import { causeSentence } from './file-problem.js';

/** What the journal throws and rejects with; `problem` says which of the known things went wrong, `message` is its sentence. */
export class JournalError extends Error {
  readonly problem: JournalProblem;

  constructor(problem: JournalProblem, cause?: unknown) {
    super(problem.message, { cause });
    this.name = 'JournalError';
    this.problem = problem;
  }
}

/** The sentence for an owner whose lock or file is somebody else's now. */
export function ownershipLost(path: string): JournalProblem {
  const message =
    `Could not write to ${path}: another Muster has taken over this workspace, or its files were replaced. Nothing was written; ` +
    'stop this one and attach to the other.';
  return { kind: 'ownership-lost', message, path, line: null };
}

/** The sentence for a write or an fsync that failed. */
export function cannotBeWritten(path: string, error: unknown): JournalProblem {
  const message = `Could not write to the journal ${path}: ${causeSentence(error)} Nothing that was accepted is lost.`;
  return { kind: 'cannot-be-written', message, path, line: null };
}

/** For a line that went bad after the journal was opened. */
export function unreadableLine(path: string, line: number): JournalError {
  const message = `Could not read line ${line} of ${path}: it does not match its checksum. Run \`muster journal repair\` to see what can be kept.`;
  return new JournalError({ kind: 'damaged', message, path, line });
}

/** For a record that must be there and is not. */
export function missingRecord(dir: string, seq: number): JournalError {
  const message = `Could not read record ${seq} of the journal in ${dir}: its file is missing or cut. Put it back from a backup.`;
  return new JournalError({ kind: 'damaged', message, path: dir, line: null });
}
