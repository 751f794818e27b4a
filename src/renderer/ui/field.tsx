import { useId } from 'react';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.js';

const box =
  'w-full rounded-control border border-line-strong bg-surface px-2.5 text-13 text-ink outline-none transition-colors focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent aria-invalid:border-bad';

interface Around {
  readonly label: string;
  /** What to write, below the field. */
  readonly hint?: ReactNode;
  /** What is wrong with it, in its place. */
  readonly error?: string;
}

function Framed({ id, label, hint, error, children }: Around & { readonly id: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-12 font-medium text-muted">
        {label}
      </label>
      {children}
      {error !== undefined && error !== '' ? (
        <p id={`${id}-note`} role="alert" className="text-12 text-bad">
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-note`} className="text-12 text-faint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** A line of text with its name above. */
export function TextField({ label, hint, error, className, ...rest }: Around & ComponentProps<'input'>): ReactElement {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error ?? ''}>
      <input
        id={id}
        aria-describedby={`${id}-note`}
        aria-invalid={error !== undefined && error !== '' ? true : undefined}
        {...rest}
        className={classNames(box, 'h-8', className)}
      />
    </Framed>
  );
}

/** Several lines of text with their name above. */
export function TextArea({ label, hint, error, className, ...rest }: Around & ComponentProps<'textarea'>): ReactElement {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error ?? ''}>
      <textarea
        id={id}
        rows={4}
        aria-describedby={`${id}-note`}
        aria-invalid={error !== undefined && error !== '' ? true : undefined}
        {...rest}
        className={classNames(box, 'resize-y py-1.5 leading-5', className)}
      />
    </Framed>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One of a few; the platform's own list, so that every keyboard and reader knows it. */
export function Choose({
  label,
  hint,
  choices,
  className,
  ...rest
}: Omit<Around, 'error'> & { readonly choices: readonly Choice[] } & ComponentProps<'select'>): ReactElement {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint}>
      <select id={id} {...rest} className={classNames(box, 'h-8', className)}>
        {choices.map(({ value, label: name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </Framed>
  );
}
