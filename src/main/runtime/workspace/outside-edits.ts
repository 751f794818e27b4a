import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Refusal, PersonCommand, RuntimeCommand } from '../../../shared/domain/vocabulary.js';
import type { State } from '../../../shared/domain/state.js';
import type { Clock } from '../ports/clock.js';
import type { BlobStore } from '../ports/journal.js';
import { causeSentence } from './file-problem.js';
import { refuseLinksBelow } from './no-links.js';
import { lookAt, readPlain, sha256Of } from './projected-file.js';
import type { ProjectionRef } from './projections/projection-table.js';
import { documentOf, kindOf } from './projections/projection-table.js';
import type { Projector } from './projector.js';
import type { RecordEdit } from './record-codec.js';
import { readRecordEdit } from './record-codec.js';

/** What a file that was edited outside can lead to. */
export type OutsideCommand = RuntimeCommand | Extract<PersonCommand, { type: 'reorder' }>;

/** Accepts a command durably; the refusal where the domain says no. */
export type OutsideDispatch = (command: OutsideCommand) => Promise<Refusal | null>;

/** What the rules for outside edits work with. */
export interface OutsideEditOptions {
  readonly workspaceDir: string;
  readonly projector: Projector;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly state: () => State;
  readonly dispatch: OutsideDispatch;
}

/** The largest file that is read back; a larger one is set aside with a problem. */
const largestEditBytes = 4 * 1024 * 1024;

/** `20260324T090000` of now; how a file that was set aside is told from the next. */
/** What an edit brought that was accepted, in words. */
const takenOf = ({ fields, orders }: Extract<RecordEdit, { kind: 'read' }>): string[] => [
  ...Object.keys(fields).map((field) => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)),
  ...(orders.length > 0 ? ['the order of the todos'] : []),
];

const stampOf = (clock: Clock): string => clock.now().slice(0, 19).replace(/[-:]/g, '');

/** Applies rules 2: what becomes of a projected file whose content is not the runtime's. */
export class OutsideEdits {
  readonly #options: OutsideEditOptions;

  constructor(options: OutsideEditOptions) {
    this.#options = options;
  }

  /** Takes one edited file in, or sets it aside; in both cases the runtime's own content comes back where it has to. */
  async take(ref: ProjectionRef, path: string): Promise<void> {
    const { projector } = this.#options;
    const disk = await lookAt(path);
    if (disk.kind === 'missing') return projector.refresh(ref);
    if (disk.kind !== 'file') return this.reportLink(path);
    if (disk.sizeBytes > largestEditBytes)
      return this.#setAside(ref, path, `it has ${disk.sizeBytes} bytes, and files of more than ${largestEditBytes} are not read back`);
    const bytes = await readPlain(path);
    if (bytes === null) return projector.refresh(ref);
    const { fileClass } = kindOf(ref.kind);
    if (fileClass === 'authored') return this.#takeDocument(ref, path, bytes);
    if (fileClass === 'generated') return this.#setAside(ref, path, 'it is written by Muster and has no place for edits');
    return this.#takeRecord(ref, path, bytes);
  }

  /** Moves what stands there into one folder, unread, and writes the files again. */
  async putBack(files: readonly { readonly ref: ProjectionRef; readonly path: string }[], why: string): Promise<void> {
    const { projector, clock } = this.#options;
    const folder = join(projector.layout.runtime.root, `replaced-${stampOf(clock)}`);
    for (const { ref, path } of files) {
      const target = join(folder, projector.nameOf(path));
      refuseLinksBelow(this.#options.workspaceDir, target);
      await mkdir(dirname(target), { recursive: true });
      await rename(path, await freeName(target));
      projector.refresh(ref);
    }
    await this.report(
      'files-replaced',
      projector.nameOf(folder),
      `Files were replaced from outside: ${why}. Nothing was read back; what stood there is in ${projector.nameOf(folder)}, and Muster's own files are back.`,
      projector.nameOf(folder),
    );
  }

  /** An events file that others changed: set aside, and made again from the journal. */
  async putBackEvents(sprintId: string, path: string): Promise<void> {
    const kept = await freeName(`${path}.edited-${stampOf(this.#options.clock)}`);
    await rename(path, kept);
    await this.#reportAside(path, kept, 'lines are only ever added to it by Muster');
    await this.#options.projector.remakeEvents(sprintId);
  }

  /** A link in the place of a projected file: nothing is read or written through it. */
  reportLink(path: string): Promise<void> {
    const name = this.#options.projector.nameOf(path);
    return this.report(
      `projection:${name}`,
      name,
      `Could not write ${path}: a link or a folder stands in its place. Remove it, and the file is written again.`,
    );
  }

  /** `standsWith`: the file without which the problem is none. */
  async report(problemId: string, path: string, reason: string, standsWith = ''): Promise<void> {
    const { clock, dispatch } = this.#options;
    const problem = { problemId, path, reason, at: clock.now(), ...(standsWith === '' ? {} : { standsWith }) };
    await dispatch({ type: 'report-problem', problem });
  }

  /** What was in the way is not any more. */
  async mended(problemId: string): Promise<void> {
    if (this.#options.state().problems[problemId]) await this.#options.dispatch({ type: 'clear-problem', problemId });
  }

  /** A file that could not be handled; the next one is. */
  failed(path: string, error: unknown): Promise<void> {
    const name = this.#options.projector.nameOf(path);
    return this.report(`file-edit:${name}`, name, `Could not take in the edit of ${name}: ${causeSentence(error)}`);
  }

  async #takeDocument(ref: ProjectionRef, path: string, bytes: Uint8Array): Promise<void> {
    const { sprintId, name } = ref.kind === 'kickoff' ? { sprintId: ref.id, name: 'kickoff.md' } : documentOf(ref.id);
    const sha256 = await this.#options.blobs.put(bytes);
    const refusal = await this.#options.dispatch({ type: 'take-document-edit', sprintId, name, sha256 });
    if (refusal) return this.#setAside(ref, path, refusal.message);
    await this.mended(`file-edit:${this.#options.projector.nameOf(path)}`);
    this.#options.projector.refresh(ref);
  }

  async #takeRecord(ref: ProjectionRef, path: string, bytes: Uint8Array): Promise<void> {
    const { projector, state } = this.#options;
    const edit = readRecordEdit(ref, bytes, state());
    if (edit.kind === 'broken') return this.#setAside(ref, path, edit.reason);
    const name = projector.nameOf(path);
    projector.hold(path);
    let takenSha256: string | null = null;
    try {
      const refusals = await this.#dispatchEdit(ref, name, edit);
      takenSha256 = sha256Of(bytes);
      const taken = refusals.length === 0 ? takenOf(edit) : [];
      if (edit.refused.length > 0)
        refusals.push(`${edit.refused.slice(0, 5).join(', ')} cannot be changed in a file; use the board or the command line.`);
      const what =
        taken.length > 0 ? `Of the edit of ${name} only ${taken.join(', ')} was taken in:` : `Could not take in the edit of ${name}:`;
      if (refusals.length === 0) await this.mended(`file-edit:${name}`);
      else await this.report(`file-edit:${name}`, name, `${what} ${refusals.join(' ')} The file was written again.`);
    } finally {
      projector.release(ref, path, takenSha256);
    }
  }

  async #dispatchEdit(ref: ProjectionRef, name: string, edit: Extract<RecordEdit, { kind: 'read' }>): Promise<string[]> {
    const commands: OutsideCommand[] = edit.orders.map(({ todoId, order }) => ({ type: 'reorder', todoId, order }));
    if (Object.keys(edit.fields).length > 0) commands.push({ type: 'take-file-edit', backlogId: ref.id, fields: edit.fields, path: name });
    const refusals: string[] = [];
    for (const command of commands) {
      const refusal = await this.#options.dispatch(command);
      if (refusal) refusals.push(refusal.message);
    }
    return refusals;
  }

  async #setAside(ref: ProjectionRef, path: string, why: string): Promise<void> {
    const kept = await freeName(`${path}.edited-${stampOf(this.#options.clock)}`);
    await rename(path, kept);
    this.#options.projector.refresh(ref);
    await this.#reportAside(path, kept, why);
  }

  #reportAside(path: string, kept: string, why: string): Promise<void> {
    const { projector } = this.#options;
    const name = projector.nameOf(path);
    return this.report(
      `file-edit:${name}`,
      name,
      `Could not take in the edit of ${name}: ${why.replace(/\.$/, '')}. Your text is in ${projector.nameOf(kept)}; the file was written again.`,
      projector.nameOf(kept),
    );
  }
}

async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if ((await lookAt(candidate)).kind === 'missing') return candidate;
  }
}
