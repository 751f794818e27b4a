import { processTagHeader } from '../host/local-gate.js';
import { processTagVariable } from '../runtime/platform/proc-table.js';

/** Why a request from below a turn is turned away, or null. */
export const refusalBelowTurn = (headers: Readonly<Record<string, string | string[] | undefined>>): string | null =>
  headers[processTagHeader] === undefined ? null : `A command from below a turn (${processTagVariable}) is never a person's.`;
