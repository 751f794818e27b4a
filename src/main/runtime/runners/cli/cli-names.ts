/** What people call a CLI, and what they do about it. */
export interface CliNames {
  /** As a word in a sentence. */
  readonly label: string;
  /** The program. */
  readonly program: string;
  /** What to do when it is missing; an imperative clause without a full stop. */
  readonly install: string;
  /** What to do when it is not logged in; an imperative clause without a full stop. */
  readonly logIn: string;
}
