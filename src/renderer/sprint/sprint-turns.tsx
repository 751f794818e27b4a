import { useState } from 'react';
import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';
import { TurnRow } from '../turn/turn-row.js';
import { Section } from '../ui/section.js';

/** Turns that belong to the sprint itself and to no card. */
export function SprintTurns({ sprint }: { readonly sprint: SprintView }): ReactElement | null {
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  if (sprint.turns.length === 0) return null;
  return (
    <Section title={enPages.sprints.turns}>
      <ol className="flex flex-col gap-2">
        {sprint.turns.toReversed().map((turn) => {
          const isOpen = toggled[turn.id] ?? turn.status === 'running';
          return (
            <TurnRow
              key={turn.id}
              turn={turn}
              report={null}
              subjectId={sprint.id}
              isOpen={isOpen}
              onToggle={() => setToggled((before) => ({ ...before, [turn.id]: !isOpen }))}
            />
          );
        })}
      </ol>
    </Section>
  );
}
