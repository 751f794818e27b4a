import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder, systemFiles } from './durable-files.js';
import { FileWriteError } from './file-problem.js';
import { refuseLinksBelow } from './no-links.js';

/** Writes the readable files of a workspace, which can be made again from the journal at any time. */
export class ProjectionWriter {
  readonly #workspace: string;
  readonly #mayWrite: () => boolean;

  /** `workspace`: absolute; nothing outside of it is written. `mayWrite`: asked before each write, whether it is still ours. */
  constructor(workspace: string, mayWrite: () => boolean = () => true) {
    this.#workspace = workspace;
    this.#mayWrite = mayWrite;
  }

  /**
   * Replaces a file, making its folders. Throws a `FileWriteError` with a sentence when a link stands in the way, when the
   * system refuses, and when fewer bytes arrived than were given (the library does not notice that): the torso is taken away, as
   * nobody could tell it from somebody's edit.
   */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
    refuseLinksBelow(this.#workspace, path);
    if (!this.#mayWrite())
      throw new FileWriteError(
        path,
        'OWNER',
        `Could not write ${path}: another Muster has taken over this workspace. Attach to that one, or stop it and start again.`,
      );
    const written = await this.#replace(path, bytes);
    if (written !== bytes.length) {
      await rm(path, { force: true });
      throw new FileWriteError(
        path,
        'SHORT',
        `Could not write ${path}: ${written} of ${bytes.length} bytes arrived. Free some space; it is written again by itself.`,
      );
    }
  }

  async #replace(path: string, bytes: Buffer): Promise<number> {
    try {
      await makeFolder(dirname(path), systemFiles);
      await writeFileAtomic(path, bytes);
      return (await stat(path)).size;
    } catch (error) {
      throw FileWriteError.from(path, error);
    }
  }
}
