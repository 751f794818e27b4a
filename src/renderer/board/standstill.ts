import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';

/** Why nothing runs. `at`: since when, where that is known. */
export interface Standstill {
  readonly title: string;
  readonly reason: string;
  readonly at: string | null;
  readonly isBad: boolean;
  readonly canResume: boolean;
}

/** Why nothing runs: everything is stopped, the sprint is paused, or it ended before it was done; null while work goes on or all is done. */
export function standstillOf(
  halt: { readonly reason: string; readonly at: string } | null,
  sprint: Pick<SprintHeadView, 'status' | 'pausedReason' | 'endedAt'> | null,
): Standstill | null {
  if (halt !== null) return { title: en.sprint.halted, reason: halt.reason, at: halt.at, isBad: true, canResume: true };
  if (sprint === null) return null;
  const { status, pausedReason: reason, endedAt } = sprint;
  if (status === 'paused') return { title: en.sprint.pausedReason, reason, at: null, isBad: false, canResume: true };
  if (reason === '' || !['blocked', 'failed'].includes(status)) return null;
  return { title: en.sprint.endedEarly, reason: capital(reason), at: endedAt, isBad: true, canResume: false };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
