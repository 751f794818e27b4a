import type { Instant } from '../kernel/time.js';

/** Why a todo cannot go on by itself, and what would help. */
export interface Blocker {
  at: Instant;
  reason: string;
  byRole: string;
  kind: 'role' | 'limit' | 'contract' | 'turn' | 'git' | 'setup' | 'setup-question' | 'cap' | 'parked' | 'no-progress' | 'stopped';
  requiredInputs: string[];
  /** Logs and blobs to look at, relative to the workspace or `blob:<sha256>`. */
  logs: string[];
  /** Of a `setup-question`: the setup that runs when a person says yes. */
  setupKey?: string;
}
