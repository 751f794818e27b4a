import { FileText } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';

const text = enPages.sprints;

/** What was written in a sprint: plans, specs, reports. */
export function SprintDocuments({ documents }: { readonly documents: SprintView['documents'] }): ReactElement {
  return (
    <Section title={text.documents}>
      {documents.length === 0 ? (
        <p className="text-muted">{text.noDocuments}</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {documents.map(({ name, version, by, at }) => (
            <li key={name} className="flex items-start gap-2">
              <FileText size={14} aria-hidden="true" className="mt-[3px] shrink-0 text-faint" />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{name}</span>
                <span className="block text-12 text-muted">
                  {text.documentLine(version, by)}, <Time at={at} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
