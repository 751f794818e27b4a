import type { ReactElement } from 'react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { badgeTone, badgeWord } from '../board/card-words.js';
import { CardLink } from '../card/card-link.js';
import { enCard } from '../i18n/en-card.js';
import { enPages } from '../i18n/en-pages.js';
import { compactNumber } from '../ui/compact-number.js';
import { Badge } from '../ui/badge.js';
import { Dot } from '../ui/dot.js';
import { Section } from '../ui/section.js';

const tones = { todo: 'todo', in_progress: 'prog', review: 'rev', done: 'done', approved: 'appr' } as const;

/** The cards of a sprint in queue order, with where each stands and what it cost. */
export function SprintCards({ todos, hasEnded }: { readonly todos: readonly BoardCardView[]; readonly hasEnded: boolean }): ReactElement {
  const hasTokens = todos.some(({ tokensSpent }) => tokensSpent > 0);
  return (
    <Section title={enPages.sprints.todos}>
      {todos.length === 0 ? (
        <p className="text-muted">{hasEnded ? enPages.sprints.noTodosMade : enPages.sprints.noTodos}</p>
      ) : (
        <ol className="flex flex-col divide-y divide-line rounded-card bg-surface shadow-card">
          {todos.map((todo) => (
            <li key={todo.id} className="flex h-10 items-center gap-2.5 px-3">
              <Dot tone={tones[todo.column]} size="medium" />
              <span className="flex min-w-0 flex-1">
                <CardLink cardId={todo.id} title={todo.title} />
              </span>
              {todo.badges.slice(0, 1).map((badge) => (
                <Badge key={badge} tone={badgeTone(badge)} reason={todo.badgeReasons[badge] ?? ''}>
                  {badgeWord(badge)}
                </Badge>
              ))}
              <span className="w-20 text-12 whitespace-nowrap text-muted">{enCard.columns[todo.column]}</span>
              <span className="w-16 text-right text-12 whitespace-nowrap text-muted tabular-nums">
                {enCard.overview.turnsSpent(todo.turnsSpent)}
              </span>
              {hasTokens && (
                <span
                  className="w-14 text-right text-12 whitespace-nowrap text-muted tabular-nums"
                  title={enCard.overview.tokens(String(todo.tokensSpent))}
                >
                  {compactNumber(todo.tokensSpent)}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
