import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { ServicesContext } from '../state/services.js';
import type { Services } from '../state/services.js';
import { Toasts } from '../ui/toasts.js';
import { Announcer } from './announcer.js';
import { Dialogs } from './dialogs.js';
import { Frame } from './frame.js';
import { KeyHandler } from './key-handler.js';

/** The page. */
export function App({ services }: { readonly services: Services }): ReactElement {
  return (
    <ServicesContext value={services}>
      <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
        <Frame />
        <Dialogs />
        <Toasts />
        <Announcer />
        <KeyHandler />
      </Tooltip.Provider>
    </ServicesContext>
  );
}
