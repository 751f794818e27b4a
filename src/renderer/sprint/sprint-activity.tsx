import { useState } from 'react';
import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { shortId } from '../board/card-words.js';
import { CardLink } from '../card/card-link.js';
import { enPages } from '../i18n/en-pages.js';
import { Button } from '../ui/button.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';

const text = enPages.sprints;
const step = 30;

/** What happened in a sprint, newest first, some at a time. */
export function SprintActivity({ activity }: { readonly activity: SprintView['activity'] }): ReactElement {
  const [shown, setShown] = useState(step);
  const newest = activity.slice(-shown).toReversed();
  const left = activity.length - newest.length;
  return (
    <Section title={text.activity}>
      {newest.length === 0 ? (
        <p className="text-muted">{text.noActivity}</p>
      ) : (
        <ol className="flex flex-col">
          {newest.map(({ at, role, summary, todoId }, index) => (
            <li key={`${at} ${index}`} className="flex items-baseline gap-3 py-1">
              <Time at={at} className="w-16 shrink-0 text-12 text-faint" />
              <span className="min-w-0 flex-1 break-words">
                {role !== '' && <span className="font-medium">{role.replaceAll('_', ' ')} </span>}
                <span className="text-muted">{summary}</span>
              </span>
              {todoId !== '' && (
                <span className="shrink-0" title={shortId(todoId)}>
                  <CardLink cardId={todoId} />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {left > 0 && (
        <Button size="small" tone="ghost" className="self-start" onClick={() => setShown(shown + 200)}>
          {text.more(left)}
        </Button>
      )}
    </Section>
  );
}
