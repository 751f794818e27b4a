import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';

const states: Readonly<Record<string, string>> = en.toolbar.states;

/** The head of a group within a column. */
export function GroupHead({ name, count }: { readonly name: string; readonly count: number }): ReactElement {
  return (
    <h3 className="flex gap-2 px-1 pt-1 text-12 font-medium text-muted">
      {states[name] ?? (name === '' ? en.toolbar.nobody : name)}
      <span className="font-normal text-faint">{count}</span>
    </h3>
  );
}
