import { ORPCError } from '@orpc/server';
import type { hostRefusalIds } from '../../shared/contract/command-schemas.js';
import type { AccessRole } from '../../shared/contract/rights.js';

/** Who sits at a window or a page. */
export interface AppSession {
  /** The name under which commands are given. */
  readonly name: string;
  readonly role: AccessRole;
  readonly via: 'web' | 'window';
  /** Changes the name, for as long as the session lasts. */
  rename(name: string): Promise<void>;
}

/** A refusal that is not the rules' own, as every method of the contract may throw it. */
export const refused = (id: (typeof hostRefusalIds)[number] | 'bad-input', message: string): ORPCError<'REFUSED', unknown> =>
  new ORPCError('REFUSED', { status: 409, message, data: { id, message } });

/** The session of the window of this process: this user's own, who may do everything. */
export function windowSession(name: string): AppSession {
  let known = name;
  return {
    get name() {
      return known;
    },
    role: 'lead',
    via: 'window',
    rename: (next) => {
      known = next;
      return Promise.resolve();
    },
  };
}
