import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { shortId } from '../board/card-words.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { useKeptFocus } from '../ui/use-kept-focus.js';
import { Kbd } from '../ui/kbd.js';
import { Dot } from '../ui/dot.js';
import { columnTones } from '../board/column-tones.js';
import { focusCard } from './focus-card.js';
import { goTo } from './page-actions.js';
import { paletteActions } from './palette-actions.js';
import type { DialogOf } from './dialog-of.js';
import { pageIds } from './route.js';

/** So many cards are listed at once; typing finds the others. */
const mostCards = 200;

const hasEveryWord = (value: string, search: string): number =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => value.toLowerCase().includes(word))
    ? 1
    : 0;

/** Every action, page, card, role and sprint by name. */
export function Palette({ onClose }: DialogOf<'palette'>): ReactElement {
  const services = useServices();
  const { ui, views } = services;
  const focus = useKeptFocus();
  const cards = [...views.getState().cards.values()];
  const roles = useView((view) => view.roles);
  const sprints = useView((view) => view.sprints);
  const run = (act: () => void) => (): void => {
    onClose();
    act();
  };
  const openCardOf = (id: string) =>
    run(() => {
      ui.setState({ page: 'board', cursorId: id, openCardId: id });
      focusCard(id);
    });
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="appearing fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focus.onOpen}
          onCloseAutoFocus={focus.onClose}
          className="rising fixed top-[14vh] left-1/2 z-40 w-[620px] max-w-[94vw] -translate-x-1/2 overflow-hidden rounded-card bg-surface shadow-float outline-none"
        >
          <Radix.Title className="sr-only">{en.palette.title}</Radix.Title>
          <Command loop filter={hasEveryWord} label={en.palette.title} className="flex max-h-[60vh] flex-col">
            <Command.Input
              placeholder={en.palette.placeholder}
              className="h-12 shrink-0 border-b border-line bg-transparent px-4 text-16 outline-none focus-visible:outline-none"
            />
            <Command.List className="min-h-0 flex-1 overflow-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-muted">{en.palette.none}</Command.Empty>
              <Group name={en.palette.actions}>
                {paletteActions(services).map(({ id, label, keys, run: act }) => (
                  <Line key={id} value={`action ${label}`} onSelect={run(act)}>
                    <span className="min-w-0 flex-1 truncate">{label}</span>
                    {keys !== undefined && <Kbd keys={keys} />}
                  </Line>
                ))}
              </Group>
              <Group name={en.palette.pages}>
                {pageIds.map((page) => (
                  <Line key={page} value={`page ${en.pages[page]}`} onSelect={run(() => goTo(services, page))}>
                    {en.pages[page]}
                  </Line>
                ))}
              </Group>
              <Group name={en.palette.cards}>
                {cards.slice(0, mostCards).map((card) => (
                  <Line key={card.id} value={`card ${card.id} ${card.title}`} onSelect={openCardOf(card.id)}>
                    <Dot tone={columnTones[card.column]} size="medium" />
                    <code className="font-mono text-11 text-faint">{shortId(card.id)}</code>
                    <span className="min-w-0 flex-1 truncate">{card.title}</span>
                    <span className="text-12 text-faint">{en.columns[card.column]}</span>
                  </Line>
                ))}
              </Group>
              <Group name={en.palette.roles}>
                {roles.map(({ role, status }) => (
                  <Line key={role} value={`role ${role}`} onSelect={run(() => goTo(services, 'roster'))}>
                    <Avatar name={role} size="small" />
                    <span className="min-w-0 flex-1">{role}</span>
                    <span className="text-12 text-faint">{status}</span>
                  </Line>
                ))}
              </Group>
              <Group name={en.palette.sprints}>
                {sprints.map(({ id, milestone, status }) => (
                  <Line key={id} value={`sprint ${id} ${milestone}`} onSelect={run(() => goTo(services, 'sprints'))}>
                    <span className="min-w-0 flex-1 truncate">{milestone === '' ? id : milestone}</span>
                    <span className="text-12 text-faint">{en.sprint.statuses[status] ?? status}</span>
                  </Line>
                ))}
              </Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Group({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

function Line({
  value,
  onSelect,
  children,
}: {
  readonly value: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 cursor-default items-center gap-2 rounded-control px-2.5 text-13 select-none data-[selected=true]:bg-hover"
    >
      {children}
    </Command.Item>
  );
}
