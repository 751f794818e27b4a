import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { stepWord } from '../board/step-words.js';
import { en } from '../i18n/en.js';
import type { Tone } from '../ui/tone.js';
import { toneText } from '../ui/tone.js';
import { Dot } from '../ui/dot.js';

const tones: Readonly<Record<string, Tone>> = {
  planning: 'prog',
  running: 'prog',
  paused: 'you',
  closeout: 'rev',
  completed: 'done',
  failed: 'bad',
  blocked: 'bad',
  cancelled: 'quiet',
};

const atWork: readonly string[] = ['planning', 'running', 'closeout'];

/** A sprint's status as a pill: a dot and a word. */
export function SprintStatus({ sprint: { status, planningStep, isStopping } }: { readonly sprint: SprintHeadView }): ReactElement {
  const tone = tones[status] ?? 'quiet';
  const word = isStopping ? en.sprint.stopping : (en.sprint.statuses[status] ?? status);
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1.5 rounded-full border border-line px-2 text-12 leading-[18px] font-medium whitespace-nowrap ${toneText[tone]}`}
    >
      <Dot tone={tone} isRunning={atWork.includes(status)} />
      {status === 'planning' && planningStep !== '' ? `${word}: ${stepWord(planningStep)}` : word}
    </span>
  );
}
