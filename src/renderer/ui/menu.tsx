import type { LucideIcon } from 'lucide-react';
import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.js';
import { Kbd } from './kbd.js';

/** One line of a menu. A refused one stays in its place, and says why. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly isDanger?: boolean;
  /** With a tick; the menu stays for several choices. */
  readonly isChecked?: boolean;
  /** Why it cannot be done now; empty or missing where it can. */
  readonly refusal?: string;
  readonly onSelect: () => void;
}

export interface MenuGroup {
  readonly title?: string;
  readonly items: readonly MenuItem[];
}

interface MenuProps {
  readonly groups: readonly MenuGroup[];
  /** The one button that opens it. */
  readonly children: ReactElement;
  readonly align?: 'start' | 'end';
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** A menu on a button, by pointer and keyboard. */
export function Menu({ groups, children, align = 'start', isOpen, onOpenChange }: MenuProps): ReactElement {
  return (
    <Radix.Root modal={false} {...(isOpen === undefined ? {} : { open: isOpen })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="rising z-50 max-h-[70vh] min-w-52 overflow-auto rounded-card bg-surface p-1 shadow-float"
        >
          {groups
            .filter(({ items }) => items.length > 0)
            .map((group, index) => (
              <Radix.Group key={group.title ?? index} className={index > 0 ? 'mt-1 border-t border-line pt-1' : ''}>
                {group.title !== undefined && <Radix.Label className="px-2 py-1 text-11 font-medium text-faint">{group.title}</Radix.Label>}
                {group.items.map((item) => (
                  <Line key={item.id} item={item} />
                ))}
              </Radix.Group>
            ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const lineClass =
  'flex items-start gap-2 rounded-control px-2 py-1 text-13 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:text-faint cursor-default';

function Line({ item }: { readonly item: MenuItem }): ReactElement {
  const { isChecked, isDanger = false, refusal = '', onSelect } = item;
  const className = classNames(lineClass, isDanger && 'text-bad');
  if (isChecked !== undefined)
    return (
      <Radix.CheckboxItem
        checked={isChecked}
        onSelect={(event) => {
          event.preventDefault();
          onSelect();
        }}
        className={className}
      >
        <span className="grid size-5 place-items-center">{isChecked && <Check size={14} aria-hidden="true" />}</span>
        <Body item={item} />
      </Radix.CheckboxItem>
    );
  return (
    <Radix.Item disabled={refusal !== ''} onSelect={onSelect} className={className}>
      <Body item={item} />
    </Radix.Item>
  );
}

function Body({ item: { icon: Icon, label, keys, refusal = '' } }: { readonly item: MenuItem }): ReactNode {
  return (
    <>
      {Icon !== undefined && <Icon size={15} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-muted" />}
      <span className="min-w-0 flex-1">
        {label}
        {refusal !== '' && <span className="block max-w-64 text-12 text-faint">{refusal}</span>}
      </span>
      {keys !== undefined && <Kbd keys={keys} />}
    </>
  );
}
