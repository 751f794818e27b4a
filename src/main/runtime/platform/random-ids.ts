import { randomBytes } from 'node:crypto';
import type { IdSource } from '../../../shared/kernel/ids.js';

/** Unguessable digits from the system's random source. */
export class RandomIds implements IdSource {
  hex(digits: number): string {
    return randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits);
  }
}
