import type { Result } from '../kernel/result.js';
import { err } from '../kernel/result.js';
import type { Event, Refusal, RefusalId } from './vocabulary.js';

/** What a decision gives: events, or the reason why not. */
export type Decision = Result<readonly Event[], Refusal>;

/** A refusal with its sentence. */
export const refuse = (id: RefusalId, message: string): { readonly ok: false; readonly error: Refusal } => err({ id, message });
