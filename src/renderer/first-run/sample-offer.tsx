import { Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { enPages } from '../i18n/en-pages.js';
import { useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { useOpening } from './use-opening.js';

const text = enPages.firstRun;

/** The sample with one button. */
export function SampleOffer({ onDone }: { readonly onDone?: () => void }): ReactElement {
  const { busy, failure, open } = useOpening(onDone);
  const exists = useView((view) => view.workspaces?.sample.exists ?? false);
  return (
    <section aria-label={text.sampleTitle} className="flex flex-col gap-3 rounded-card bg-surface p-5 shadow-card">
      <div className="flex flex-wrap items-center gap-4">
        <div className="min-w-72 flex-1">
          <h2 className="text-16 font-semibold">{text.sampleTitle}</h2>
          <p className="text-muted">{text.sampleText}</p>
        </div>
        {exists && (
          <Button
            tone="ghost"
            isBusy={busy === 'open'}
            disabled={busy !== ''}
            onClick={() => open('open', (client) => client.host.openSample())}
          >
            {text.sampleOpen}
          </Button>
        )}
        <Button
          tone="primary"
          className="h-9 px-4"
          isBusy={busy === 'run'}
          disabled={busy !== ''}
          onClick={() => open('run', (client) => client.host.runSample())}
        >
          <Play size={14} aria-hidden="true" />
          {text.sampleRun}
        </Button>
      </div>
      {failure !== null && (
        <Notice tone="bad" isAlert>
          {failure.sentence}
        </Notice>
      )}
    </section>
  );
}
