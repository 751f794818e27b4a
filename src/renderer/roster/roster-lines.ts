import type { RunningTurnView } from '../../shared/contract/live-events.js';
import type { RoleStatusView } from '../../shared/contract/views.js';

/** A member of a role as it stands. */
export interface RosterLine {
  readonly member: string;
  readonly role: RoleStatusView;
  readonly status: RoleStatusView['status'];
  readonly step: string;
  readonly subjectId: string;
  /** When its turn began; null where none runs. */
  readonly since: string | null;
}

/** A line for every role, and one more for every other member of it that is at work. */
export function rosterLines(roles: readonly RoleStatusView[], turns: readonly RunningTurnView[]): RosterLine[] {
  return roles.flatMap((role): RosterLine[] => {
    const own = turns.filter((turn) => turn.role === role.role);
    if (own.length === 0)
      return [{ member: role.member, role, status: role.status, step: role.step, subjectId: role.subjectId, since: null }];
    return own
      .toSorted((a, b) => (a.member < b.member ? -1 : 1))
      .map(({ member, step, subjectId, startedAt }) => ({
        member,
        role,
        status: 'working',
        step,
        subjectId,
        since: startedAt,
      }));
  });
}
