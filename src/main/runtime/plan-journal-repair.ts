import { loadState } from './load-state.js';
import type { Clock } from './ports/clock.js';
import { planCut, planRepair } from './workspace/journal-repair.js';
import type { RepairPlan } from './workspace/journal-repair.js';
import { workspaceLayout } from './workspace/layout.js';

/** What would have to go from a workspace's journal so that it can be opened and changed: damage, else what cannot be applied; null when nothing would. */
export async function planJournalRepair(workspaceDir: string, clock: Clock): Promise<RepairPlan | null> {
  const { journal } = workspaceLayout(workspaceDir).runtime;
  const damage = await planRepair(journal);
  if (damage) return damage;
  const { poison } = await loadState(workspaceDir, clock);
  return poison && planCut(journal, poison.seq, poison.reason);
}
