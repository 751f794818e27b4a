import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';
import { Facts } from '../ui/facts.js';
import { Section } from '../ui/section.js';

const text = enPages.sprints;

/** What the sprint runs by; fixed at its start. */
export function SprintTerms({ sprint }: { readonly sprint: SprintView }): ReactElement {
  return (
    <Section title={text.terms}>
      <Facts
        facts={[
          [
            text.target,
            sprint.target === '' ? null : (
              <code key="target" className="font-mono">
                {sprint.target.replace('refs/heads/', '')}
              </code>
            ),
          ],
          [text.integrate, text.integrates[sprint.integrate] ?? sprint.integrate],
          [text.isolation, text.isolations[sprint.isolation] ?? sprint.isolation],
          [
            text.verify,
            sprint.verify.length === 0 ? null : (
              <code key="verify" className="font-mono">
                {sprint.verify.join(', ')}
              </code>
            ),
          ],
          [text.startedBy, `${sprint.startedBy.name}${sprint.startedBy.via === '' ? '' : ` (${sprint.startedBy.via})`}`],
        ]}
      />
    </Section>
  );
}
