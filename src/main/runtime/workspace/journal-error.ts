import type { JournalProblem } from '../ports/journal.js';

/** What the journal throws and rejects with; `problem` says which of the known things went wrong, `message` is its sentence. */
export class JournalError extends Error {
  readonly problem: JournalProblem;

  constructor(problem: JournalProblem, cause?: unknown) {
    super(problem.message, { cause });
    this.name = 'JournalError';
    this.problem = problem;
  }
}
