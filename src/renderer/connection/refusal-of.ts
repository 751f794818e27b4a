import { ORPCError } from '@orpc/client';

/** A refusal as the contract sends it: an id for programs, a sentence for people. */
export interface WireRefusal {
  readonly id: string;
  readonly message: string;
}

/** The refusal in what a call threw; null where it failed otherwise. */
export function refusalOf(error: unknown): WireRefusal | null {
  if (!(error instanceof ORPCError) || error.code !== 'REFUSED') return null;
  const data: unknown = error.data;
  const id = typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : 'refused';
  return { id, message: error.message };
}

/** Why a call failed, as a sentence for people. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
