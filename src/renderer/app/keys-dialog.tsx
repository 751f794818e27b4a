import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { Dialog } from '../ui/dialog.js';
import { Kbd } from '../ui/kbd.js';
import type { DialogOf } from './dialog-of.js';
import { keyTable } from './key-table.js';
import { SingleKeysSwitch } from './single-keys-switch.js';

const groups = ['Cards', 'Page', 'Go to'] as const;

const shown: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };
const keyText = (keys: string): string =>
  keys
    .split(' ')
    .map((key) => shown[key] ?? key)
    .join(' ');

/** Every key, and the switch that turns single ones off. */
export function KeysDialog({ onClose }: DialogOf<'keys'>): ReactElement {
  return (
    <Dialog title={en.keys.title} width="large" onClose={onClose}>
      <div className="columns-2 gap-8">
        {groups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-12 font-medium text-faint">{group}</h3>
            <dl className="flex flex-col">
              {keyTable
                .filter((binding) => binding.group === group && binding.id !== 'undo-mod')
                .map(({ id, label, keys }) => (
                  <div key={id} className="flex items-center gap-2 py-1">
                    <dt className="min-w-0 flex-1">{label}</dt>
                    <dd className="flex gap-1">
                      {(id === 'undo' ? [...keys, 'Mod Z'] : keys).map((key) => (
                        <span key={key}>
                          <span className="sr-only">{key}</span>
                          <Kbd keys={keyText(key)} />
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="border-t border-line pt-4">
        <SingleKeysSwitch />
      </div>
    </Dialog>
  );
}
