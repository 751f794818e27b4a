import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import type { ReactElement } from 'react';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>): ReactElement {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <span id={id} className="text-12 font-medium text-muted">
        {label}
      </span>
      <RadioGroup.Root
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => {
          const choice = choices.find((other) => other.value === next);
          if (choice !== undefined) onChange(choice.value);
        }}
        className="flex rounded-control bg-ink/6 p-0.5"
      >
        {choices.map((choice) => (
          <RadioGroup.Item
            key={choice.value}
            value={choice.value}
            className="h-7 flex-1 rounded-[5px] px-3 text-12 text-muted transition-colors hover:text-ink data-[state=checked]:bg-surface data-[state=checked]:font-medium data-[state=checked]:text-ink data-[state=checked]:shadow-card"
          >
            {choice.label}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}
