import { useState } from 'react';
import type { ReactElement } from 'react';
import type { TrustView } from '../../shared/contract/work-views.js';
import type { DialogOf } from '../app/dialog-of.js';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { loadViews } from '../state/load-views.js';
import { useServices } from '../state/services.js';
import { useAsked } from '../state/use-record.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { Notice } from '../ui/notice.js';
import { Prose } from '../ui/prose.js';
import { TrustList } from './trust-list.js';

const text = enPages.trust;

/** What the workspace would run on this machine; a lead accepts exactly what is shown. */
export function TrustDialog({ onClose }: DialogOf<'trust'>): ReactElement {
  const services = useServices();
  const { asked, again } = useAsked('trust', (client) => client.trust.show());
  const [accepted, setAccepted] = useState<TrustView | null>(null);
  const [refusal, setRefusal] = useState('');
  const trust = accepted ?? (asked.kind === 'there' ? asked.value : null);
  const accept = async (hash: string): Promise<void> => {
    setRefusal('');
    try {
      setAccepted(await services.client().trust.accept({ hash }));
      await loadViews(services.client(), services.views);
    } catch (error) {
      setRefusal(failureText(error));
    }
  };
  const footer =
    trust === null || trust.isTrusted ? (
      <Button onClick={onClose}>{en.close}</Button>
    ) : (
      <>
        <Button tone="ghost" onClick={onClose}>
          {en.cancel}
        </Button>
        <Button tone="primary" onClick={() => void accept(trust.hash)}>
          {text.accept}
        </Button>
      </>
    );
  return (
    <Dialog title={text.title} description={text.text} width="large" onClose={onClose} footer={footer}>
      <div className="flex flex-col gap-4">
        {asked.kind === 'loading' && <ListSkeleton rows={3} />}
        {asked.kind === 'failed' && (
          <Notice tone="bad" title={text.failed} isAlert action={<Button onClick={again}>{en.retry}</Button>}>
            {asked.sentence}
          </Notice>
        )}
        {trust !== null && (
          <>
            <p role="status">
              <Badge tone={trust.isTrusted ? 'done' : 'you'}>{trust.isTrusted ? text.trusted : text.notTrusted}</Badge>
            </p>
            {trust.reasons.length > 0 && (
              <Notice tone="you">
                {trust.reasons.map((reason, index) => (
                  <Prose key={index} text={reason} />
                ))}
              </Notice>
            )}
            <TrustList trust={trust} />
          </>
        )}
        {refusal !== '' && (
          <Notice tone="bad" isAlert>
            {refusal}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
