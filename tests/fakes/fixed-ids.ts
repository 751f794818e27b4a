import type { IdSource } from '../../src/shared/kernel/ids.js';

/** Counts up from 1 in hexadecimal, padded to the asked number of digits, so that ids in tests can be read. */
export class FixedIds implements IdSource {
  #count = 0;

  hex(digits: number): string {
    this.#count += 1;
    return this.#count.toString(16).padStart(digits, '0').slice(-digits);
  }
}
