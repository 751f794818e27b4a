import { planJournalRepair } from '../../runtime/plan-journal-repair.js';
import { applyRepair } from '../../runtime/workspace/journal-repair.js';
import { workspaceLayout } from '../../runtime/workspace/layout.js';
import { acquireOwner } from '../../runtime/workspace/owner-lock.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';

/** `muster journal repair`: says what would have to go from a damaged journal, and moves it away with --apply. */
export const journalRepairCommand: CommandSpec = {
  path: ['journal', 'repair'],
  says: 'show what a repair of the journal would take out; with --apply, do it',
  options: [{ usage: '--apply', says: 'move the damaged part away; nothing is deleted' }],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const workspaceDir = invocation.workspaceDir();
    const { runtime } = workspaceLayout(workspaceDir);
    const { clock } = invocation.places;
    if (invocation.options['apply'] !== true) {
      const plan = await planJournalRepair(workspaceDir, clock);
      invocation.show({ isWhole: plan === null, plan }, (safe) =>
        safe.plan === null
          ? ['The journal is whole: nothing has to be repaired.']
          : [safe.plan.summary, 'Do it with `muster journal repair --apply`.'],
      );
      return 0;
    }
    const owner = await acquireOwner({ dir: runtime.root, clock, address: null });
    if (owner.kind === 'owned') throw new CliError(owner.message);
    try {
      const plan = await planJournalRepair(workspaceDir, clock);
      const movedTo = plan === null ? null : await applyRepair(plan, clock);
      invocation.show({ isWhole: true, plan, movedTo }, (safe) =>
        safe.movedTo === null
          ? ['The journal is whole: nothing has to be repaired.']
          : [`Repaired: records 1 to ${safe.plan?.keptThrough ?? 0} stay, the rest is in ${safe.movedTo}.`],
      );
      return 0;
    } finally {
      await owner.ownership.release();
    }
  },
};
