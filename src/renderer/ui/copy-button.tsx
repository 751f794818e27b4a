import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { enCard } from '../i18n/en-card.js';
import { toastQueue } from './toast-queue.js';
import { failureText } from '../connection/refusal-of.js';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for its name: `commit`. */
  readonly what: string;
  /** What is shown of it; the whole where left out. */
  readonly shown?: string;
}

/** A value in mono that copies itself. */
export function CopyButton({ text, what, shown = text }: CopyButtonProps): ReactElement {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      (error: unknown) => toastQueue.show({ tone: 'bad', text: failureText(error) }),
    );
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={copy}
      onBlur={() => setCopied(false)}
      onPointerLeave={() => setCopied(false)}
      title={text}
      aria-label={isCopied ? enCard.copied : `${enCard.copy(what)} ${shown}`}
      className="group inline-flex max-w-full min-w-0 items-center gap-1 rounded-tag px-1 font-mono text-12 text-muted transition-colors hover:bg-hover hover:text-ink"
    >
      <span className="shorten">{shown}</span>
      <Icon
        size={11}
        aria-hidden="true"
        className={isCopied ? 'shrink-0 text-done' : 'shrink-0 text-faint transition-colors group-hover:text-ink'}
      />
    </button>
  );
}
