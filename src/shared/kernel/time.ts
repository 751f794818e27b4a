/** A moment in UTC as ISO 8601 with milliseconds, e.g. `2026-03-24T09:00:00.000Z`. */
export type Instant = string;

/** The day of an instant in UTC, e.g. `2026-03-24`. */
export const dayOf = (at: Instant): string => at.slice(0, 10);

/** `20260324` of an instant, in UTC. */
export const dateDigits = (at: Instant): string => dayOf(at).replaceAll('-', '');

/** `140422` of an instant, in UTC. */
export const timeDigits = (at: Instant): string => at.slice(11, 19).replaceAll(':', '');

/** Milliseconds since the epoch of an instant. */
export const epochMs = (at: Instant): number => Date.parse(at);
