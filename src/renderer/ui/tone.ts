/** Hues of state; `quiet` for what is neither good nor bad. */
export type Tone = 'quiet' | 'todo' | 'prog' | 'rev' | 'done' | 'appr' | 'you' | 'bad' | 'accent';

/** Text in the hue of a state, for a line without a box. */
export const toneText: Readonly<Record<Tone, string>> = {
  quiet: 'text-muted',
  todo: 'text-todo',
  prog: 'text-prog',
  rev: 'text-rev',
  done: 'text-done',
  appr: 'text-appr',
  you: 'text-you',
  bad: 'text-bad',
  accent: 'text-accent',
};

/** The fill of a dot or a bar in the hue of a state. */
export const toneFill: Readonly<Record<Tone, string>> = {
  quiet: 'bg-line-strong',
  todo: 'bg-todo',
  prog: 'bg-prog',
  rev: 'bg-rev',
  done: 'bg-done',
  appr: 'bg-appr',
  you: 'bg-you',
  bad: 'bg-bad',
  accent: 'bg-accent',
};
