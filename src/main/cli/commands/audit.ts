import { auditWorkspace } from '../../runtime/audit-workspace.js';
import type { Audit } from '../../runtime/audit-workspace.js';
import type { CommandSpec } from '../command-spec.js';
import { columnsOf, count, oneLine } from '../terminal-text.js';

/** What an audit found, in words: every difference, then commits of people, then the sum. */
export function auditLines(audit: Audit): string[] {
  const { findings, receipts, rerun, byPeople } = audit;
  const rows = findings.map(({ todoId, revision, finding }) => [
    'DIFFERS',
    todoId === '' ? '-' : `${todoId}, revision ${revision}`,
    oneLine(finding),
  ]);
  const again = rerun > 0 ? `, the commands of ${rerun} run again` : '';
  const sum = findings.length === 0 ? 'everything holds' : count(findings.length, 'difference');
  return [
    ...columnsOf(rows),
    ...byPeople.map(({ commit, subject, target }) => `A person's own work on ${target}: ${commit.slice(0, 10)} ${oneLine(subject)}`),
    receipts === 0 && findings.length === 0
      ? 'There is no receipt yet.'
      : `${count(receipts, 'receipt')} recomputed from git, blobs and journal${again}: ${sum}.`,
  ];
}

/** `muster audit`: recomputes every receipt and lists what differs. */
export const auditCommand: CommandSpec = {
  path: ['audit'],
  says: 'recompute every receipt from git, blobs and journal, and list what differs',
  options: [{ usage: '--rerun', says: 'run the verification commands again, too' }],
  hasJson: true,
  run: async (invocation) => {
    const audit = await auditWorkspace({
      workspaceDir: invocation.workspaceDir(),
      rerun: invocation.has('rerun'),
      clock: invocation.places.clock,
      onRerun: (todoId, revision) => invocation.note(`Running the commands of ${todoId}, revision ${revision}, again.`),
    });
    invocation.show({ isSound: audit.findings.length === 0, ...audit }, auditLines);
    return audit.findings.length === 0 ? 0 : 1;
  },
};
