import { Inbox, Plus } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { RequestHeadView } from '../../shared/contract/views.js';
import { MayDo } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { PageHeader } from '../app/page-header.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { MasterList } from '../ui/master-list.js';
import { Time } from '../ui/time.js';
import { RequestDetail } from './request-detail.js';
import { RequestStatus } from './request-status.js';

const text = enPages.requests;
const open: readonly string[] = ['queued', 'delegated', 'blocked'];

/** What was asked for, newest first, and one request beside the list. */
export function RequestsPage(): ReactElement {
  const services = useServices();
  const requests = useView((view) => view.requests);
  const version = useView((view) => view.version);
  const isLoaded = useView((view) => view.isLoaded);
  const chosen = useUi((ui) => ui.chosen.requests);
  const list = useMemo(
    () => ({ of: version, items: [...requests.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)) }).items,
    [requests, version],
  );
  const id = chosen !== undefined && requests.has(chosen) ? chosen : list[0]?.id;
  const create = (
    <MayDo method="requests.submit">
      <Button tone="primary" keys="C" onClick={() => openDialog(services, { kind: 'new-request' })}>
        <Plus size={15} aria-hidden="true" />
        {text.new}
      </Button>
    </MayDo>
  );
  return (
    <>
      <PageHeader title={en.pages.requests} text={text.text(list.filter(({ status }) => open.includes(status)).length)}>
        {create}
      </PageHeader>
      {!isLoaded ? (
        <ListSkeleton />
      ) : id === undefined ? (
        <Empty icon={Inbox} title={text.none} text={text.noneText} action={create} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <MasterList
            label={text.listLabel}
            ids={list.map((request) => request.id)}
            chosen={id}
            onChoose={(next) => services.ui.setState(({ chosen: all }) => ({ chosen: { ...all, requests: next } }))}
            draw={(next) => {
              const request = requests.get(next);
              return request === undefined ? null : <Line request={request} />;
            }}
          />
          <RequestDetail key={id} requestId={id} />
        </div>
      )}
    </>
  );
}

function Line({ request: { id, status, scope, createdAt } }: { readonly request: RequestHeadView }): ReactElement {
  return (
    <>
      <span className="line-clamp-2 font-medium break-words">{scope === '' ? id : scope}</span>
      <span className="flex items-center gap-2 text-12 text-muted">
        <RequestStatus status={status} />
        <span className="flex-1" />
        <Time at={createdAt} />
      </span>
    </>
  );
}
