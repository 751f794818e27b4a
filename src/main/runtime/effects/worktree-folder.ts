import { createHash } from 'node:crypto';

/** Short folder name for a worktree, so that paths stay short on every system. */
export const worktreeFolder = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 10);
