import { useState } from 'react';
import type { AppClient } from '../../shared/contract/app-contract.js';
import type { WorkspacesView } from '../../shared/contract/host-views.js';
import { failureText } from '../connection/refusal-of.js';
import { useServices } from '../state/services.js';

interface Opening {
  /** What is being opened; empty while nothing is. */
  readonly busy: string;
  /** Why it could not be opened, and what it was. */
  readonly failure: { readonly what: string; readonly sentence: string } | null;
  readonly open: (what: string, ask: (client: AppClient) => Promise<WorkspacesView>) => void;
}

/** Opens another workspace and lets the page go on with it; a refusal stays where it was asked for. */
export function useOpening(onDone?: () => void): Opening {
  const { client, connection, ui, views } = useServices();
  const [busy, setBusy] = useState('');
  const [failure, setFailure] = useState<Opening['failure']>(null);
  const run = async (what: string, ask: (client: AppClient) => Promise<WorkspacesView>): Promise<void> => {
    setBusy(what);
    setFailure(null);
    try {
      views.setState({ workspaces: await ask(client()) });
      ui.setState({ page: 'board', openCardId: null, cursorId: null });
      connection.retryNow();
      onDone?.();
    } catch (error) {
      setFailure({ what, sentence: failureText(error) });
    }
    setBusy('');
  };
  return { busy, failure, open: (what, ask) => void run(what, ask) };
}
