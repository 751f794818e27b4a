import { useState } from 'react';
import type { ReactElement } from 'react';
import type { TurnView } from '../../shared/contract/card-views.js';
import { Section } from '../ui/section.js';
import { TurnRow } from './turn-row.js';

interface TurnSectionProps {
  readonly title: string;
  readonly turns: readonly TurnView[];
  /** The sprint or request that they are about. */
  readonly subjectId: string;
}

/** Turns that belong to no card, newest first; nothing where there is none. A running one is open until it is closed. */
export function TurnSection({ title, turns, subjectId }: TurnSectionProps): ReactElement | null {
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  if (turns.length === 0) return null;
  return (
    <Section title={title}>
      <ol className="flex flex-col gap-2">
        {turns.toReversed().map((turn) => {
          const isOpen = toggled[turn.id] ?? turn.status === 'running';
          return (
            <TurnRow
              key={turn.id}
              turn={turn}
              report={null}
              subjectId={subjectId}
              isOpen={isOpen}
              onToggle={() => setToggled((before) => ({ ...before, [turn.id]: !isOpen }))}
            />
          );
        })}
      </ol>
    </Section>
  );
}
