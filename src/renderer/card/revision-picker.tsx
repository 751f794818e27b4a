import { ChevronDown } from 'lucide-react';
import type { ReactElement } from 'react';
import { enCard } from '../i18n/en-card.js';
import { Menu } from '../ui/menu.js';

interface RevisionPickerProps {
  /** What is shown of the revision: `Diff of`. */
  readonly label: string;
  readonly revisions: readonly number[];
  readonly value: number;
  readonly onChange: (revision: number) => void;
}

/** Which revision is shown; a mere name while there is only one. */
export function RevisionPicker({ label, revisions, value, onChange }: RevisionPickerProps): ReactElement {
  if (revisions.length < 2)
    return (
      <span className="text-12 text-muted">
        {label} {enCard.revision(value)}
      </span>
    );
  const items = revisions.toReversed().map((revision) => ({
    id: String(revision),
    label: enCard.revision(revision),
    isChecked: revision === value,
    onSelect: () => onChange(revision),
  }));
  return (
    <Menu groups={[{ items }]}>
      <button
        type="button"
        className="-mx-1 inline-flex items-center gap-1 rounded-control px-1 text-12 text-muted hover:bg-hover hover:text-ink"
      >
        {label} <span className="font-medium text-ink">{enCard.revision(value)}</span>
        <ChevronDown size={12} aria-hidden="true" />
      </button>
    </Menu>
  );
}
