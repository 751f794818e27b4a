import { plainLine } from '../../../shared/domain/plain-text.js';

/** The part of an intake that becomes a request. */
export interface IntakeEnvelope {
  readonly from: string;
  readonly intent: string;
  readonly scope: string;
  readonly body: string;
}

/** What a file that somebody put in an inbox says; `reason` ends a sentence that begins with the file's name. */
export type Intake = { readonly ok: true; readonly envelope: IntakeEnvelope } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): Intake => ({ ok: false, reason });
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads an intake in the shape of sprint-runtime 4.9 strictly: nothing is guessed, and what is missing is named. */
export function readIntake(bytes: Uint8Array, role: string): Intake {
  const record = parse(bytes);
  if (typeof record === 'string') return refused(record);
  const envelope = record['envelope'];
  if (!isObject(envelope)) return refused('has no "envelope"');
  const from = textOf(envelope['from']) || textOf(record['sender_role']);
  const to = textOf(envelope['to']) || textOf(record['target_role']);
  if (from === '' && to === '') return refused('says neither whom it is from nor whom it is to');
  if (from === '') return refused('does not say whom it is from');
  if (to === '') return refused('does not say whom it is to');
  if (to !== role) return refused(`is for ${plainLine(to, 40)}, but lies in the inbox of ${role}`);
  const scope = textOf(envelope['scope']);
  const body = textOf(envelope['body']);
  if (scope === '' && body === '') return refused('asks for nothing: scope and body are empty');
  return { ok: true, envelope: { from: plainLine(from, 80), intent: textOf(envelope['intent']) || 'route', scope, body } };
}

function parse(bytes: Uint8Array): Record<string, unknown> | string {
  if (bytes.length === 0) return 'is empty';
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : 'is JSON, but not a record';
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'is no JSON, or is cut off';
    throw error;
  }
}
