import type { ReactElement } from 'react';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import { classNames } from './class-names.js';

// Text that agents wrote: no pictures are fetched, and a link shows where it goes before it is followed.
const components: Components = {
  img: ({ alt }) => <span className="text-muted">{alt}</span>,
  a: ({ href, children }) => (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer" className="text-accent underline underline-offset-2">
      {children}
    </a>
  ),
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h4>{children}</h4>,
};

/** Markdown of people and agents: text, lists and code; HTML in it is not read. */
export function Prose({ text, className }: { readonly text: string; readonly className?: string }): ReactElement {
  return (
    <div
      className={classNames(
        'flex min-w-0 flex-col gap-2 break-words [&_code]:rounded-tag [&_code]:bg-ink/6 [&_code]:px-1 [&_code]:font-mono [&_code]:text-12',
        '[&_h4]:font-semibold [&_ol]:list-decimal [&_ol]:pl-5 [&_pre]:overflow-x-auto [&_pre]:rounded-control [&_pre]:bg-ink/5 [&_pre]:p-2 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_ul]:list-disc [&_ul]:pl-5',
        '[&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-2 [&_blockquote]:text-muted',
        className,
      )}
    >
      <Markdown skipHtml components={components}>
        {text}
      </Markdown>
    </div>
  );
}
