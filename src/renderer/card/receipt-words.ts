import type { ReceiptView } from '../../shared/contract/card-views.js';
import type { Tone } from '../ui/tone.js';

/** The hue of a receipt's badge; the words are beside it. */
export const receiptTone: Readonly<Record<ReceiptView['badge'], Tone>> = { verified: 'done', with_gaps: 'you', not_verified: 'bad' };

/** A command as one would type it: arguments with spaces in them are quoted. */
export const commandLine = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
