import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RequestView } from '../../shared/contract/views.js';
import { useMay } from '../app/may-do.js';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';
import { TextArea } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { Question } from '../ui/question.js';

const text = enPages.requests;

/** What can be done with a request: what it asks stands over the answer to it. */
export function RequestActions({ request }: { readonly request: RequestView }): ReactElement | null {
  const services = useServices();
  const [answer, setAnswer] = useState('');
  const [refusal, setRefusal] = useState('');
  const [isCancelling, setCancelling] = useState(false);
  const may = useMay('requests.cancel');
  const can = (id: string): boolean => may && request.actions.some((action) => action.id === id);
  if (request.actions.length === 0 || (!may && request.blocker === null)) return null;
  const cancel = () => give(services, (client, commandId) => client.requests.cancel({ commandId, requestId: request.id }));
  const run = async (ask: () => Promise<unknown>): Promise<void> => {
    setRefusal('');
    try {
      await ask();
      setAnswer('');
    } catch (error) {
      setRefusal(failureText(error));
    }
  };
  const send = (): void => {
    if (answer.trim() === '') return setRefusal(text.answerMissing);
    void run(() => give(services, (client, commandId) => client.todos.answer({ commandId, subjectId: request.id, text: answer.trim() })));
  };
  const retry = (): void => void run(() => give(services, (client, commandId) => client.todos.retry({ commandId, subjectId: request.id })));
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-surface px-6 py-3">
      {request.blocker !== null && (
        <Notice tone="you" title={text.blockedTitle}>
          {request.blocker.reason}
          {request.blocker.requiredInputs.length > 0 && (
            <ul className="list-disc pl-4">
              {request.blocker.requiredInputs.map((input, index) => (
                <li key={index}>{input}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      {can('answer') && (
        <TextArea
          label={text.answerLabel}
          hint={text.answerHint}
          error={refusal}
          rows={3}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && (event.metaKey || event.ctrlKey) && send()}
        />
      )}
      {!can('answer') && refusal !== '' && (
        <Notice tone="bad" isAlert>
          {refusal}
        </Notice>
      )}
      <div className="flex justify-end gap-2">
        {can('cancel-request') && (
          <Button tone="ghost-danger" onClick={() => setCancelling(true)}>
            {text.cancel}
          </Button>
        )}
        {can('retry') && <Button onClick={retry}>{text.retry}</Button>}
        {can('answer') && (
          <Button tone="primary" keys="Mod Enter" onClick={send}>
            {text.answer}
          </Button>
        )}
      </div>
      {isCancelling && (
        <Question
          title={text.cancelTitle}
          text={text.cancelText}
          yes={text.cancel}
          no={text.keep}
          tone="danger"
          onYes={cancel}
          onClose={() => setCancelling(false)}
        />
      )}
    </footer>
  );
}
