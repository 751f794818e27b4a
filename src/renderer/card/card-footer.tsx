import { MoreHorizontal } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { maySession } from '../app/may-do.js';
import { enCard } from '../i18n/en-card.js';
import { useServices, useUi, useView } from '../state/services.js';
import { dismissRefusal } from '../state/give-command.js';
import { Button } from '../ui/button.js';
import type { ButtonTone } from '../ui/button.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import { Notice } from '../ui/notice.js';
import { setComposer, useComposer, useDraft } from './card-drafts.js';
import type { ComposerKind } from './card-drafts.js';
import { CardComposer } from './card-composer.js';
import { actionLabel, giveAction } from './give-action.js';
import { footerPlan } from './footer-actions.js';
import type { CardActionId, FooterAction } from './footer-actions.js';

const composers: readonly CardActionId[] = ['request-changes', 'override-verification', 'answer', 'cancel-todo', 'requeue', 'revert-todo'];
const tones: Readonly<Partial<Record<CardActionId, ButtonTone>>> = { approve: 'approve', answer: 'primary', 'start-next': 'primary' };

const roomyFrom = 540;

const isComposer = (id: CardActionId): id is ComposerKind => composers.includes(id);

/** What one can do with the card now, and beside it why something cannot be done. */
export function CardFooter({ card }: { readonly card: CardView }): ReactElement | null {
  const { ui } = useServices();
  const refusal = useUi((state) => state.refusals[card.id] ?? '');
  const composer = useComposer(card.id);
  const place = useRef<HTMLElement>(null);
  const wasOpen = useRef(false);
  // When a question closes, the focus would be nowhere.
  useEffect(() => {
    if (wasOpen.current && composer === null) place.current?.focus();
    wasOpen.current = composer !== null;
  }, [composer]);
  const isBusy = useUi((state) => state.pending[card.id] !== undefined);
  // Three buttons need room; what matters less goes into the menu first.
  const isRoomy = useUi((state) => state.panelWidth >= roomyFrom);
  const me = useView((view) => view.me);
  const plan = footerPlan(card, isRoomy ? 3 : 2, (method) => maySession(me, method));
  const closed = plan.shown.map((action) => action.refusal).find((reason) => reason !== '') ?? '';
  if (plan.shown.length === 0 && plan.more.length === 0 && refusal === '') return null;
  return (
    <footer
      ref={place}
      tabIndex={-1}
      role="group"
      aria-label={enCard.footer}
      className="flex shrink-0 flex-col gap-2 border-t border-line px-4 py-3 outline-none"
    >
      {refusal !== '' && (
        <Notice tone="bad" isAlert onDismiss={() => dismissRefusal(ui, card.id)}>
          {refusal}
        </Notice>
      )}
      {closed !== '' && refusal === '' && composer === null && (
        <p id="why-not" className="text-12 break-words text-muted">
          {closed}
        </p>
      )}
      {composer !== null ? (
        <CardComposer key={composer} card={card} kind={composer} />
      ) : (
        <div className="flex items-center justify-end gap-2">
          <MoreMenu card={card} actions={plan.more} />
          {plan.shown.map((action) => (
            <ActionButton key={action.id} card={card} action={action} isBusy={isBusy} />
          ))}
        </div>
      )}
    </footer>
  );
}

interface ActionButtonProps {
  readonly card: CardView;
  readonly action: FooterAction;
  readonly isBusy: boolean;
}

function ActionButton({ card, action: { id, refusal }, isBusy }: ActionButtonProps): ReactElement {
  const services = useServices();
  const draft = useDraft(card.id, 'request-changes');
  const keys = enCard.actionKeys[id];
  const hasDraft = id === 'request-changes' && draft !== '';
  return (
    <Button
      tone={refusal === '' ? (tones[id] ?? 'plain') : 'plain'}
      disabled={refusal !== '' || isBusy}
      aria-describedby={refusal === '' ? undefined : 'why-not'}
      {...(keys === undefined ? {} : { keys })}
      onClick={() => (isComposer(id) ? setComposer(card.id, id) : void giveAction(services, card, id))}
    >
      {actionLabel(card, id)}
      {hasDraft && <span className="size-1.5 rounded-full bg-accent" role="img" aria-label={enCard.composer.draft} />}
    </Button>
  );
}

function MoreMenu({ card, actions }: { readonly card: CardView; readonly actions: readonly FooterAction[] }): ReactElement | null {
  const services = useServices();
  if (actions.length === 0) return null;
  const items = actions.map(({ id, refusal }) => ({
    id,
    label: actionLabel(card, id),
    refusal,
    isDanger: id === 'cancel-todo' || id === 'revert-todo',
    onSelect: () => (isComposer(id) ? setComposer(card.id, id) : void giveAction(services, card, id)),
  }));
  return (
    <Menu groups={[{ items }]} align="end">
      <IconButton icon={MoreHorizontal} label={enCard.moreActions} className="size-[30px]" />
    </Menu>
  );
}
