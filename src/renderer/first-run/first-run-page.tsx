import type { ReactElement } from 'react';
import { enPages } from '../i18n/en-pages.js';
import { useView } from '../state/services.js';
import { Notice } from '../ui/notice.js';
import { ProjectForm } from './project-form.js';
import { RecentList } from './recent-list.js';
import { SampleOffer } from './sample-offer.js';

const text = enPages.firstRun;

interface FirstRunPageProps {
  /** Why no workspace is open; may be empty. */
  readonly reason: string;
}

/** What is seen while no workspace is open: the sample, a repository of one's own, and the workspaces that one had. */
export function FirstRunPage({ reason }: FirstRunPageProps): ReactElement {
  // That none is open is no news where none was wanted; what is in the way of one is.
  const problem = useView(({ workspaces }) => (workspaces === null || workspaces.current !== null ? reason : workspaces.problem));
  return (
    <main className="h-full overflow-auto bg-bg">
      <div className="mx-auto flex w-full max-w-[880px] flex-col gap-6 px-6 py-[9vh]">
        <header className="flex items-center gap-3">
          <span
            aria-hidden="true"
            className="flex size-10 shrink-0 items-start gap-[3px] rounded-card bg-accent px-[10px] pt-[11px] text-on-accent"
          >
            <i className="h-[19px] flex-1 rounded-[1px] bg-current" />
            <i className="h-[14px] flex-1 rounded-[1px] bg-current" />
            <i className="h-[9px] flex-1 rounded-[1px] bg-current" />
          </span>
          <div>
            <h1 className="text-20 font-semibold">{text.title}</h1>
            <p className="text-muted">{text.lead}</p>
          </div>
        </header>
        {problem !== '' && (
          <Notice tone="you" title={text.problem}>
            {problem}
          </Notice>
        )}
        <WorkspaceChoices />
      </div>
    </main>
  );
}

/** Every way to a workspace; also over an open one. */
export function WorkspaceChoices({ onDone }: { readonly onDone?: () => void }): ReactElement {
  const done = onDone === undefined ? {} : { onDone };
  return (
    <div className="flex flex-col gap-4">
      <SampleOffer {...done} />
      <ProjectForm {...done} />
      <RecentList {...done} />
    </div>
  );
}
