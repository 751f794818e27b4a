import { RadioGroup } from 'radix-ui';
import type { ReactElement } from 'react';

interface ChipsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly count?: number }[];
  readonly onChange: (value: T) => void;
}

/** One of a few ways to look at a list, all in sight, with counts. */
export function Chips<T extends string>({ label, value, choices, onChange }: ChipsProps<T>): ReactElement {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      orientation="horizontal"
      onValueChange={(next) => {
        const choice = choices.find((other) => other.value === next);
        if (choice !== undefined) onChange(choice.value);
      }}
      className="flex gap-1"
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className="h-[26px] rounded-full border border-line px-2.5 text-12 whitespace-nowrap text-muted transition-colors hover:text-ink data-[state=checked]:border-transparent data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium data-[state=checked]:text-accent"
        >
          {choice.label}
          {choice.count !== undefined && <span className="font-normal opacity-80"> {choice.count}</span>}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
