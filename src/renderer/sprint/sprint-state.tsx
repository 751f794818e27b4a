import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';

const tones: Readonly<Record<string, Tone>> = {
  planning: 'prog',
  running: 'prog',
  closeout: 'prog',
  paused: 'you',
  blocked: 'bad',
  failed: 'bad',
  completed: 'done',
};

/** Where a sprint stands, in a word. */
export function SprintState({ sprint: { status, isStopping } }: { readonly sprint: SprintHeadView }): ReactElement {
  return <Badge tone={tones[status] ?? 'quiet'}>{isStopping ? en.sprint.stopping : (en.sprint.statuses[status] ?? status)}</Badge>;
}
