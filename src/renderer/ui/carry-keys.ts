import { KeyboardSensor } from '@dnd-kit/core';
import type { KeyboardSensorProps } from '@dnd-kit/core';

/**
 * Carries a card or row by the keyboard. The library's sensor listens for keys only some time after the one that lifted,
 * so that this one does not drop at once; keys that are pressed in between are kept and given to it then.
 */
export class CarryKeys extends KeyboardSensor {
  constructor(props: KeyboardSensorProps) {
    super(props);
    const { event } = props;
    const page = event.target instanceof Node ? event.target.ownerDocument : null;
    if (page === null) return;
    const kept: KeyboardEvent[] = [];
    const keep = (key: KeyboardEvent): void => {
      kept.push(key);
      key.preventDefault();
      key.stopImmediatePropagation();
    };
    page.addEventListener('keydown', keep, { capture: true });
    setTimeout(() => {
      page.removeEventListener('keydown', keep, { capture: true });
      for (const key of kept) key.target?.dispatchEvent(new KeyboardEvent('keydown', key));
    });
  }
}
