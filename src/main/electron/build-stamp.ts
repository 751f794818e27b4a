import { readFile } from 'node:fs/promises';

/** Tells whether the files that this program came from were built anew since it started. */
export class BuildStamp {
  readonly #path: string;
  readonly #first: Promise<string>;

  /** `path`: the file that the build writes last. */
  constructor(path: string) {
    this.#path = path;
    this.#first = this.#read();
  }

  async hasChanged(): Promise<boolean> {
    const [first, now] = [await this.#first, await this.#read()];
    return first !== '' && now !== '' && first !== now;
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }
}
