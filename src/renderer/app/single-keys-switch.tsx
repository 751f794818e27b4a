import { Switch } from 'radix-ui';
import { useId } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { useServices, useUi } from '../state/services.js';

/** Turns single keys off for who presses them by accident, or whose tools use them. */
export function SingleKeysSwitch(): ReactElement {
  const { ui } = useServices();
  const isOn = useUi((state) => state.singleKeys);
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <Switch.Root
        id={id}
        checked={isOn}
        onCheckedChange={(singleKeys) => ui.setState({ singleKeys })}
        className="mt-0.5 h-[18px] w-8 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-3.5 rounded-full bg-surface transition-transform data-[state=checked]:translate-x-3.5" />
      </Switch.Root>
      <label htmlFor={id} className="flex-1">
        <span className="block font-medium">{en.keys.on}</span>
        <span className="block text-12 text-muted">{en.keys.onText}</span>
      </label>
    </div>
  );
}
