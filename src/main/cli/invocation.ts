import { join } from 'node:path';
import type { MusterClient } from '../../shared/contract/contract.js';
import { findWorkspace, generatedFolderName, isWorkspace } from '../runtime/workspace/find-workspace.js';
import type { FoundWorkspace } from '../runtime/workspace/find-workspace.js';
import { CliError } from './cli-error.js';
import type { CliPlaces } from './cli-places.js';
import { openForReading, openForWriting } from './connect.js';
import type { Connection } from './connect.js';
import { jsonText, painter, safeForTerminal, terminalText } from './terminal-text.js';
import type { Style } from './terminal-text.js';

/** Values of a command's flags as they were given. */
export type OptionValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One command as somebody gave it, with all that it needs to be done. */
export class Invocation {
  readonly places: CliPlaces;
  readonly values: readonly (string | readonly string[] | undefined)[];
  readonly options: OptionValues;
  readonly #isPersons: boolean;

  constructor(places: CliPlaces, values: Invocation['values'], options: OptionValues, isPersons: boolean) {
    this.places = places;
    this.values = values;
    this.options = options;
    this.#isPersons = isPersons;
  }

  get isJson(): boolean {
    return this.has('json');
  }

  /** The argument at a place, words joined; empty when it was not given. */
  argument(at: number): string {
    const value = this.values[at];
    return typeof value === 'string' ? value : (value ?? []).join(' ');
  }

  /** A flag's text; empty when it was not given. */
  text(name: string): string {
    const value = this.options[name];
    return typeof value === 'string' ? value : '';
  }

  /** Whether a flag without a value was given. */
  has(name: string): boolean {
    return this.options[name] === true;
  }

  list(name: string): readonly string[] {
    const value = this.options[name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  number(name: string): number | undefined {
    const value = this.options[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** Where the workspace is or would be. */
  found(): FoundWorkspace {
    return findWorkspace(this.places.cwd, this.text('workspaceRoot') || null);
  }

  /** The folder of the workspace; a `CliError` when there is none. */
  workspaceDir(): string {
    const { dir, isMade } = this.found();
    if (isMade) return dir;
    const inside = join(dir, generatedFolderName);
    if (this.text('workspaceRoot') && isWorkspace(inside))
      throw new CliError(`There is no workspace at ${dir} itself; that of this project is inside it. Use --workspace-root ${inside}.`);
    throw new CliError(`There is no workspace at ${dir}. Run \`muster init\` to make one, or name another with --workspace-root.`);
  }

  /** The name in which it is done; below a turn there is none. */
  async person(): Promise<string> {
    const tag = this.#isPersons ? await this.places.turnAbove() : null;
    if (tag !== null)
      throw new CliError(
        `This was asked from below a turn (MUSTER_PROCESS_TAG=${tag}), and a turn is never a person: agents act by their report alone. Ask from a terminal of your own.`,
      );
    return this.text('as').trim() || (await this.places.personName(this.found().dir));
  }

  /** Asks the living runtime, or the journal. */
  async read<T>(ask: (client: MusterClient) => Promise<T>): Promise<T> {
    return this.#within(await openForReading(this.workspaceDir(), this.places, await this.person()), ({ client }) => ask(client));
  }

  /** Gives commands to the living runtime, or leaves them for the next start. */
  async write<T>(give: (client: MusterClient, how: { readonly isLive: boolean; readonly person: string }) => Promise<T>): Promise<T> {
    const person = await this.person();
    return this.#within(await openForWriting(this.workspaceDir(), this.places, person), ({ client, isLive }) =>
      give(client, { isLive, person }),
    );
  }

  async #within<T>(connection: Connection, use: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      for (const notice of connection.notices) this.note(notice);
      return await use(connection);
    } finally {
      await connection.close();
    }
  }

  /** Prints data: as JSON where that was asked for, else as lines of what is safe on a terminal. */
  show<T>(data: T, lines: (safe: T) => readonly string[]): void {
    if (this.isJson) this.places.stdout.write(jsonText(data));
    else this.say(...lines(safeForTerminal(data)));
  }

  /** Prints lines as they are; what comes from outside has been made safe before. */
  say(...lines: readonly string[]): void {
    if (lines.length > 0) this.places.stdout.write(`${lines.join('\n')}\n`);
  }

  /** A line beside the output. */
  note(line: string): void {
    this.places.stderr.write(`${terminalText(line)}\n`);
  }

  /** Styles text where the output is a terminal that wants colours. */
  paint = (style: Style, text: string): string => painter(this.places.stdout.isTerminal, this.places.env)(style, text);
}
