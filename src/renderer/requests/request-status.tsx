import type { ReactElement } from 'react';
import { enPages } from '../i18n/en-pages.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';

const tones: Readonly<Record<string, Tone>> = {
  queued: 'todo',
  delegated: 'prog',
  blocked: 'you',
  completed: 'done',
  failed: 'bad',
  cancelled: 'quiet',
};

/** Where a request stands, in a word. */
export function RequestStatus({ status }: { readonly status: string }): ReactElement {
  return <Badge tone={tones[status] ?? 'quiet'}>{enPages.requests.statuses[status] ?? status}</Badge>;
}
