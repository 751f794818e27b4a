import { useState } from 'react';
import type { ReactElement } from 'react';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import type { Theme } from '../state/ui-store.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Segments } from '../ui/segments.js';
import { TextField } from '../ui/field.js';
import { SingleKeysSwitch } from './single-keys-switch.js';
import type { DialogOf } from './dialog-of.js';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const densities = ['comfortable', 'compact'] as const;

/** What a reader sets for this page. */
export function SettingsDialog({ onClose }: DialogOf<'settings'>): ReactElement {
  const { ui } = useServices();
  const theme = useUi((state) => state.theme);
  const density = useUi((state) => state.density);
  return (
    <Dialog title={en.settings.title} width="small" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Segments
          label={en.settings.theme}
          value={theme}
          choices={themes.map((value) => ({ value, label: en.settings.themes[value] }))}
          onChange={(value) => ui.setState({ theme: value })}
        />
        <Segments
          label={en.toolbar.density}
          value={density}
          choices={densities.map((value) => ({ value, label: en.toolbar.densities[value] }))}
          onChange={(value) => ui.setState({ density: value })}
        />
        <SingleKeysSwitch />
        <Button tone="plain" className="self-start" onClick={() => ui.setState({ dialog: { kind: 'trust' } })}>
          {enPages.trust.open}
        </Button>
        <OwnName />
      </div>
    </Dialog>
  );
}

function OwnName(): ReactElement | null {
  const { client, views } = useServices();
  const me = useView((view) => view.me);
  const [name, setName] = useState(me?.name ?? '');
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState('');
  if (me === null) return null;
  const rename = async (): Promise<void> => {
    try {
      const next = await client().people.rename({ name: name.trim() });
      views.setState({ me: next });
      setFailure('');
      setNote(en.settings.renamed(next.name));
    } catch (error) {
      setFailure(failureText(error));
    }
  };
  return (
    <form
      className="flex flex-col gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <TextField label={en.settings.name} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <Button type="submit" disabled={name.trim() === '' || name.trim() === me.name} className="h-8">
          {en.settings.rename}
        </Button>
      </div>
      <p role="status" className={failure === '' ? 'text-12 text-faint' : 'text-12 text-bad'}>
        {failure !== '' ? failure : note !== '' ? note : `${en.settings.nameHint} ${en.settings.role[me.role]}`}
      </p>
    </form>
  );
}
