import { Search } from 'lucide-react';
import type { ReactElement } from 'react';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field to look for something in a list. */
export function SearchField({ label, value, onChange }: SearchFieldProps): ReactElement {
  return (
    <div className="relative w-60 min-w-28 shrink">
      <Search size={15} aria-hidden="true" className="pointer-events-none absolute top-[7px] left-2.5 text-faint" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-[30px] w-full rounded-control border border-line-strong bg-surface pr-2 pl-8 text-13 outline-none focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent"
      />
    </div>
  );
}
