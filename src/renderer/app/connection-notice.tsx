import { PlugZap, RefreshCw } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ConnectionState } from '../connection/connection-state.js';
import { en } from '../i18n/en.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';

/** Instead of the page, where trying again by itself is of no use. */
export function ConnectionNotice({
  state,
}: {
  readonly state: Extract<ConnectionState, { kind: 'refused' | 'version-mismatch' }>;
}): ReactElement {
  const isOld = state.kind === 'version-mismatch';
  return (
    <main className="grid h-full place-items-center">
      <Empty
        icon={isOld ? RefreshCw : PlugZap}
        title={isOld ? en.connection.mismatchTitle : en.connection.refusedTitle}
        text={isOld ? en.connection.mismatch(state.theirs) : state.reason}
        action={
          <Button tone={isOld ? 'primary' : 'plain'} onClick={() => location.reload()}>
            {en.connection.reload}
          </Button>
        }
      />
    </main>
  );
}
