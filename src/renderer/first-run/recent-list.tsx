import { FolderGit2, FolderX } from 'lucide-react';
import type { ReactElement } from 'react';
import { enPages } from '../i18n/en-pages.js';
import { useView } from '../state/services.js';
import { Notice } from '../ui/notice.js';
import { Time } from '../ui/time.js';
import { useOpening } from './use-opening.js';

const text = enPages.firstRun;

/** Workspaces that were open before; one press opens one. */
export function RecentList({ onDone }: { readonly onDone?: () => void }): ReactElement | null {
  const { busy, failure, open } = useOpening(onDone);
  const recent = useView((view) => view.workspaces?.recent);
  if (recent === undefined || recent.length === 0) return null;
  return (
    <section aria-label={text.recentTitle} className="flex flex-col gap-1 rounded-card bg-surface p-5 shadow-card">
      <h2 className="pb-1 text-16 font-semibold">{text.recentTitle}</h2>
      <ul className="-mx-2 flex flex-col">
        {recent.map(({ path, name, project, openedAt, isThere }) => {
          const Icon = isThere ? FolderGit2 : FolderX;
          return (
            <li key={path}>
              <button
                type="button"
                disabled={!isThere || busy !== ''}
                aria-busy={busy === path || undefined}
                onClick={() => open(path, (client) => client.host.open({ path }))}
                className="flex w-full items-center gap-3 rounded-control px-2 py-1.5 text-left enabled:hover:bg-hover disabled:text-muted"
              >
                <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-muted" />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{name}</span>
                  <span className="block truncate font-mono text-11 text-muted">{project === '' ? path : project}</span>
                </span>
                <span className="text-12 text-muted">{isThere ? <Time at={openedAt} /> : text.gone}</span>
              </button>
              {failure?.what === path && (
                <Notice tone="bad" isAlert>
                  {failure.sentence}
                </Notice>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
