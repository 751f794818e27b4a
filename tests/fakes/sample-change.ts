import type { LiveChange } from '../../src/shared/contract/live-events.js';

/** A change of the live stream in which nothing changed but what is given. */
export const sampleChange = (given: Partial<LiveChange> = {}): LiveChange => ({
  kind: 'change',
  seq: 1,
  at: '2026-03-24T10:00:00.000Z',
  lines: [],
  cards: [],
  goneCards: [],
  backlogItems: [],
  goneBacklogItems: [],
  requests: [],
  roles: [],
  sprint: null,
  sprintHeads: [],
  problems: null,
  turns: null,
  spend: null,
  isTrusted: null,
  halt: null,
  ...given,
});
