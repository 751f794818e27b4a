import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { failureText } from '../connection/refusal-of.js';
import { en } from '../i18n/en.js';
import { Button } from './button.js';
import type { ButtonTone } from './button.js';
import { Dialog } from './dialog.js';

interface QuestionProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** The verb of the button that does it. */
  readonly yes: string;
  readonly no?: string;
  readonly tone?: ButtonTone;
  readonly width?: 'small' | 'medium' | 'large';
  /** Does it; a rejection's sentence is shown in the dialog, which then stays. */
  readonly onYes: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A dialog that asks before something is done, or for what it needs. Ctrl Enter says yes, Escape says no. */
export function Question({
  title,
  text,
  yes,
  no = en.cancel,
  tone = 'primary',
  width = 'small',
  onYes,
  onClose,
  children,
}: QuestionProps): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const answer = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setFailure('');
    try {
      await onYes();
      onClose();
    } catch (error) {
      setFailure(failureText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      width={width}
      onClose={onClose}
      {...(text === undefined ? {} : { description: text })}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {no}
          </Button>
          <Button tone={tone} keys="Mod Enter" isBusy={isBusy} form="question" type="submit">
            {yes}
          </Button>
        </>
      }
    >
      <form
        id="question"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void answer();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.preventDefault();
            void answer();
          }
        }}
      >
        {children}
        {failure !== '' && (
          <p role="alert" className="rounded-control bg-bad/10 px-3 py-2 text-13 text-bad">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  );
}
