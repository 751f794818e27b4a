import type { PersonCommandType } from '../../shared/contract/command-schemas.js';
import type { Invocation } from './invocation.js';

/** A word after the command. */
export interface ArgumentSpec {
  /** As in the usage: `<id>`, `[text...]`. */
  readonly usage: string;
  readonly says: string;
}

/** A flag of a command. */
export interface OptionSpec {
  /** As in the usage: `--comment <text>`. */
  readonly usage: string;
  readonly says: string;
  readonly isRequired?: boolean;
  /** May be given several times; the values are a list. */
  readonly isRepeated?: boolean;
  /** Whole number of at least this. */
  readonly atLeast?: number;
  readonly choices?: readonly string[];
}

/** One command of the command line: the table of them is the whole argument grammar. */
export interface CommandSpec {
  /** `['sprint', 'start']` is `muster sprint start`. */
  readonly path: readonly [string, ...string[]];
  readonly says: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Prints data, and so has `--json`. */
  readonly hasJson?: boolean;
  /** Acts in a person's name, and so has `--as` and is refused below a turn. */
  readonly isPersons?: boolean;
  /** Commands of the domain that it gives. */
  readonly gives?: readonly PersonCommandType[];
  /** Does it and returns the exit code: 0, or 1 when it could not be done. Throws a `CliError` for the same. */
  readonly run: (invocation: Invocation) => Promise<number>;
}
