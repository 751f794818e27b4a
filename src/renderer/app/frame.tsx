import type { ReactElement } from 'react';
import { CardPanel } from '../card/card-panel.js';
import { FirstRunPage } from '../first-run/first-run-page.js';
import { useServices, useUi, useView } from '../state/services.js';
import { ConnectionNotice } from './connection-notice.js';
import { pages } from './pages.js';
import { SidePanel } from './side-panel.js';
import { Sidebar } from './sidebar.js';
import { Strip } from './strip.js';
import { useCovered } from './use-covered.js';

/** Rail, page, panel and strip. */
export function Frame(): ReactElement {
  const connection = useView((view) => view.connection);
  const isCovered = useCovered();
  const isLoaded = useView((view) => view.isLoaded);
  if (connection.kind === 'refused' || connection.kind === 'version-mismatch') return <ConnectionNotice state={connection} />;
  if (connection.kind === 'no-workspace') return <FirstRunPage reason={connection.reason} />;
  return (
    <div className="flex h-full flex-col" aria-busy={!isLoaded}>
      <div className="flex min-h-0 flex-1">
        <div className="contents" inert={isCovered}>
          <Sidebar />
          <main className="@container flex min-w-0 flex-1 flex-col bg-bg">
            <OpenPage />
          </main>
        </div>
        <OpenPanel />
      </div>
      <Strip />
    </div>
  );
}

function OpenPage(): ReactElement {
  const Page = pages[useUi((ui) => ui.page)];
  return <Page />;
}

function OpenPanel(): ReactElement | null {
  const { ui } = useServices();
  const cardId = useUi((state) => state.openCardId);
  if (cardId === null) return null;
  return (
    <SidePanel label={cardId}>
      <CardPanel key={cardId} cardId={cardId} onClose={() => ui.setState({ openCardId: null })} />
    </SidePanel>
  );
}
