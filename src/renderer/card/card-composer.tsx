import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';
import type { ButtonTone } from '../ui/button.js';
import { TextArea } from '../ui/field.js';
import { setComposer, setDraft, useDraft } from './card-drafts.js';
import type { ComposerKind } from './card-drafts.js';
import { actionLabel, giveAction } from './give-action.js';

const text = enCard.composer;

interface Question {
  readonly label: (card: CardView) => string;
  readonly hint: (card: CardView) => string;
  /** Said when it is sent without words; empty where words are not needed. */
  readonly missing: string;
  readonly tone: ButtonTone;
}

const questions: Readonly<Record<Exclude<ComposerKind, 'requeue'>, Question>> = {
  'request-changes': {
    label: ({ revision }) => text.changesLabel(revision),
    hint: () => text.changesHint,
    missing: text.changesMissing,
    tone: 'primary',
  },
  'override-verification': {
    label: ({ revision }) => text.overrideLabel(revision),
    hint: () => text.overrideHint,
    missing: text.overrideMissing,
    tone: 'danger',
  },
  answer: {
    label: () => text.answerLabel,
    hint: ({ blocker }) => (blocker?.kind === 'setup-question' ? text.setupHint : text.answerHint),
    missing: text.answerMissing,
    tone: 'primary',
  },
  'cancel-todo': {
    label: ({ revert }) => (revert === 'blocked' ? text.giveUpLabel : text.cancelLabel),
    hint: ({ revert }) => (revert === 'blocked' ? text.giveUpHint : text.cancelHint),
    missing: '',
    tone: 'danger',
  },
  'revert-todo': {
    label: ({ revision }) => text.revertLabel(revision),
    hint: () => text.revertHint,
    missing: text.revertMissing,
    tone: 'danger',
  },
};

/** The question of an action that needs words or a yes, in the footer's place. What was written is kept until it is sent. */
export function CardComposer({ card, kind }: { readonly card: CardView; readonly kind: ComposerKind }): ReactElement {
  const services = useServices();
  const draft = useDraft(card.id, kind);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const question = kind === 'requeue' ? null : questions[kind];

  const send = async (): Promise<void> => {
    if (question !== null && question.missing !== '' && draft.trim() === '') return setError(question.missing);
    setBusy(true);
    const isDone = await giveAction(services, card, kind, draft.trim());
    setBusy(false);
    if (!isDone) return;
    setDraft(card.id, kind, '');
    setComposer(card.id, null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      setComposer(card.id, null);
    }
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <div className="flex flex-col gap-2" onKeyDown={onKeyDown}>
      {kind === 'answer' && card.blocker !== null && <Asked blocker={card.blocker} />}
      {question === null ? (
        <p>{text.requeueText}</p>
      ) : (
        <TextArea
          autoFocus
          label={question.label(card)}
          hint={question.hint(card)}
          error={error}
          value={draft}
          rows={kind === 'request-changes' ? 6 : 3}
          className="max-h-[40vh] min-h-16"
          onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
          onChange={({ target }) => {
            setError('');
            setDraft(card.id, kind, target.value);
          }}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button tone="ghost" onClick={() => setComposer(card.id, null)}>
          {question === null ? text.keep : text.discard}
        </Button>
        <Button
          tone={question?.tone ?? 'danger'}
          keys="Mod Enter"
          isBusy={isBusy}
          autoFocus={question === null}
          onClick={() => void send()}
        >
          {actionLabel(card, kind)}
        </Button>
      </div>
    </div>
  );
}

function Asked({ blocker }: { readonly blocker: NonNullable<CardView['blocker']> }): ReactElement {
  return (
    <div className="rounded-control border-l-2 border-you bg-you/7 px-3 py-1.5">
      <p className="text-12 font-medium text-you">{text.asks(blocker.byRole === '' ? 'team' : blocker.byRole)}</p>
      <p className="break-words">{blocker.reason}</p>
      {blocker.requiredInputs.length > 0 && (
        <ul className="list-disc pl-4 text-muted">
          {blocker.requiredInputs.map((input, index) => (
            <li key={index}>{input}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
