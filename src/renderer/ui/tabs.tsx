import { Tabs as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** A count after the label, where it says something. */
  readonly count?: number;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly tabs: readonly Tab[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly label: string;
}

/** Views of one thing, one at a time; only the open one is mounted. */
export function Tabs({ tabs, value, onChange, label }: TabsProps): ReactElement {
  return (
    <Radix.Root value={value} onValueChange={onChange} className="flex min-h-0 flex-1 flex-col">
      <Radix.List aria-label={label} className="flex shrink-0 gap-4 border-b border-line px-4">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px border-b-2 border-transparent pt-1.5 pb-2 text-13 text-muted transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <span className="font-normal text-faint"> {tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="min-h-0 flex-1 overflow-auto outline-none">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
