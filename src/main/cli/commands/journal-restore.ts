import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { restoreFromCopies } from '../../runtime/workspace/journal-copies.js';
import { workspaceLayout } from '../../runtime/workspace/layout.js';
import { acquireOwner } from '../../runtime/workspace/owner-lock.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';

/** `muster journal restore`: puts the copies in the user's state folder back where a journal is gone, or sets them aside. */
export const journalRestoreCommand: CommandSpec = {
  path: ['journal', 'restore'],
  says: 'put the copies of a journal back that is gone; with --forget, set them aside and begin anew',
  options: [{ usage: '--forget', says: 'begin without them; they are kept beside, under another name' }],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const workspaceDir = invocation.workspaceDir();
    const { runtime } = workspaceLayout(workspaceDir);
    const { copies } = workspaceState(workspaceDir);
    const { clock } = invocation.places;
    const owner = await acquireOwner({ dir: runtime.root, clock, address: null });
    if (owner.kind === 'owned')
      throw new CliError(
        `Could not restore the journal of ${workspaceDir}: Muster works on it${owner.owner ? ` in process ${owner.owner.pid}` : ''}. End it first with Ctrl-C in its terminal${owner.owner ? ` or \`kill ${owner.owner.pid}\`` : ''}, then run this again.`,
      );
    try {
      if (invocation.has('forget')) {
        const aside = `${copies}-${clock.now().replace(/\D/g, '').slice(0, 14)}`;
        await rename(copies, aside);
        invocation.show({ restored: [], aside }, (safe) => [`The copies are kept in ${safe.aside}; the workspace begins anew.`]);
        return 0;
      }
      const restored = await restore(copies, runtime);
      if (restored.length === 0) throw new CliError(`There are no copies of a journal in ${copies}.`);
      invocation.show({ restored, aside: null }, (safe) => [`Put back: ${safe.restored.join(', ')}.`, 'Look at it with `muster status`.']);
      return 0;
    } finally {
      await owner.ownership.release();
    }
  },
};

async function restore(copies: string, to: { readonly journal: string; readonly snapshots: string }): Promise<readonly string[]> {
  try {
    const segments = await restoreFromCopies(to.journal, join(copies, 'journal'));
    return [...segments, ...(await restoreFromCopies(to.snapshots, join(copies, 'snapshots')))];
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}
