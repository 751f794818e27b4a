import type { Instant } from './time.js';
import { dateDigits, timeDigits } from './time.js';

/** Where fresh random hexadecimal digits come from; the runtime gives a random one, tests a counting one. */
export interface IdSource {
  /** `digits` lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** `20260323-abcd1234` (sprint-runtime 4.1). */
export const newRequestId = (ids: IdSource, now: Instant): string => `${dateDigits(now)}-${ids.hex(8)}`;

/** `backlog-20260326-26904a13` (sprint-runtime 4.1). */
export const newBacklogId = (ids: IdSource, now: Instant): string => `backlog-${dateDigits(now)}-${ids.hex(8)}`;

/** `todo-140422-51a086` (sprint-runtime 4.1). */
export const newTodoId = (ids: IdSource, now: Instant): string => `todo-${timeDigits(now)}-${ids.hex(6)}`;

/** `260324-Sprint-09-00`: as sprint-runtime 4.1 with `-` for `:`, and a counter where that minute is taken. */
export function newSprintId(now: Instant, isTaken: (id: string) => boolean): string {
  const plain = `${dateDigits(now).slice(2)}-Sprint-${now.slice(11, 13)}-${now.slice(14, 16)}`;
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? plain : `${plain}-${n}`;
    if (!isTaken(id)) return id;
  }
}

/** `20260323-abcd1234-lint-51a086` (sprint-runtime 4.1): `owner` is a request id or made like one; what is no part of a file name is left out. */
export const newOperationId = (ids: IdSource, owner: string, action: string): string =>
  `${owner}-${action.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40)}-${ids.hex(6)}`;

/** `turn-` and 12 hex digits. */
export const newTurnId = (ids: IdSource): string => `turn-${ids.hex(12)}`;

/** 16 hex digits after the sequence number, so that names sort by arrival (sprint-runtime 13.1 #11). */
export const newRelayId = (ids: IdSource, ordinal: number): string => `${String(ordinal).padStart(10, '0')}-${ids.hex(8)}`;
