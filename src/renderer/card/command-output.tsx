import { useState } from 'react';
import type { ReactElement } from 'react';
import type { TextPageView } from '../../shared/contract/work-views.js';
import { failureText } from '../connection/refusal-of.js';
import { enCard } from '../i18n/en-card.js';
import { en } from '../i18n/en.js';
import { useServices } from '../state/services.js';
import { useAsked } from '../state/use-record.js';
import { readableOutput } from '../turn/readable-output.js';
import { Button } from '../ui/button.js';
import { bytesText } from '../ui/sizes.js';
import { Skeleton } from '../ui/skeleton.js';

const text = enCard.receipt;
const pageBytes = 32 * 1024;

/** What a command wrote, from its beginning, page by page. */
export function CommandOutput({ sha256, name }: { readonly sha256: string; readonly name: string }): ReactElement {
  const { client } = useServices();
  const { asked, again } = useAsked(sha256, (link) => link.receiptOutput({ sha256, limitBytes: pageBytes }));
  const [rest, setRest] = useState<readonly TextPageView[]>([]);
  const [failure, setFailure] = useState('');
  if (asked.kind === 'loading') return <Skeleton className="m-3 h-24" />;
  if (asked.kind === 'failed')
    return (
      <p role="alert" className="flex items-center gap-2 px-3 py-2 text-12 text-bad">
        <span className="min-w-0 flex-1">{asked.sentence}</span>
        <Button size="small" onClick={again}>
          {en.retry}
        </Button>
      </p>
    );
  const last = rest.at(-1) ?? asked.value;
  const more = (): void => {
    client()
      .receiptOutput({ sha256, offset: last.to, limitBytes: pageBytes })
      .then((page) => setRest((before) => [...before, page]))
      .catch((error: unknown) => setFailure(failureText(error)));
  };
  const all = [asked.value, ...rest].map((page) => page.text).join('');
  if (all === '') return <p className="border-t border-line px-3 py-2 text-12 text-muted">{text.emptyOutput}</p>;
  return (
    <div className="border-t border-line">
      <pre
        tabIndex={0}
        aria-label={`${text.output} ${name}`}
        className="max-h-80 overflow-auto px-3 py-2 font-mono text-12 leading-[18px] break-words whitespace-pre-wrap"
      >
        {readableOutput(all)}
      </pre>
      {last.to < last.size && (
        <Button tone="ghost" size="small" className="m-1" onClick={more}>
          {text.moreOutput(bytesText(last.to), bytesText(last.size))}
        </Button>
      )}
      {failure !== '' && <p className="px-3 pb-2 text-12 text-bad">{failure}</p>}
    </div>
  );
}
