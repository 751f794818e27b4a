import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { enCard } from '../i18n/en-card.js';
import { enPages } from '../i18n/en-pages.js';
import { Avatar } from '../ui/avatar.js';
import { BarList } from '../ui/bar-list.js';
import { compactNumber } from '../ui/compact-number.js';
import { Section } from '../ui/section.js';

const text = enPages.sprints;

/** What each role spent in a sprint. */
export function TokensByRole({ sprint, isRehearsal }: { readonly sprint: SprintHeadView; readonly isRehearsal: boolean }): ReactElement {
  const roles = Object.entries(sprint.tokensByRole).sort(([, a], [, b]) => b - a);
  const most = roles[0]?.[1] ?? 0;
  return (
    <Section
      title={text.tokensByRole}
      aside={
        <span className="text-12 text-faint">
          {enCard.overview.turnsSpent(sprint.turnsSpent)} · {enCard.overview.tokens(compactNumber(sprint.tokensSpent))}
        </span>
      }
    >
      {most === 0 ? (
        <p className="text-muted">{isRehearsal ? text.noTokensRehearsal : text.noTokens}</p>
      ) : (
        <BarList
          label={text.tokensByRole}
          bars={roles.map(([role, tokens]) => ({
            id: role,
            name: (
              <>
                <Avatar name={role} size="small" />
                {role.replaceAll('_', ' ')}
              </>
            ),
            value: compactNumber(tokens),
            share: tokens / most,
          }))}
        />
      )}
    </Section>
  );
}
