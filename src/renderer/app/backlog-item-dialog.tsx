import { useState } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Choose, TextArea, TextField } from '../ui/field.js';
import { Question } from '../ui/question.js';
import { toastQueue } from '../ui/toast-queue.js';
import type { DialogOf } from './dialog-of.js';

const kinds = ['feature', 'enhancement', 'bug', 'chore'] as const;
type Kind = (typeof kinds)[number];

const isKind = (kind: string | undefined): kind is Kind => kinds.some((known) => known === kind);

const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Adds a backlog item by hand, or changes one. */
export function BacklogItemDialog({ dialog: { id }, onClose }: DialogOf<'backlog-item'>): ReactElement {
  const services = useServices();
  const [item] = useState(() => (id === null ? undefined : services.views.getState().backlog.get(id)));
  const [title, setTitle] = useState(item?.title ?? '');
  const [summary, setSummary] = useState(item?.summary ?? '');
  const [kind, setKind] = useState<Kind>(isKind(item?.kind) ? item.kind : 'feature');
  const [criteria, setCriteria] = useState(item?.acceptanceCriteria.join('\n') ?? '');
  const [rank, setRank] = useState(String(item?.priorityRank ?? 0));
  const save = async (): Promise<void> => {
    if (title.trim() === '') throw new Error(en.item.titleMissing);
    const fields = {
      title: title.trim(),
      summary,
      kind,
      acceptanceCriteria: linesIn(criteria),
      priorityRank: Math.max(0, Math.trunc(Number(rank) || 0)),
    };
    await give(services, (client, commandId) =>
      item === undefined ? client.backlog.add({ commandId, fields }) : client.backlog.edit({ commandId, backlogId: item.id, fields }),
    );
    toastQueue.show({ tone: 'plain', text: item === undefined ? en.item.added(fields.title) : en.item.saved(fields.title) });
  };
  return (
    <Question
      title={item === undefined ? en.item.new : en.item.edit}
      yes={item === undefined ? en.item.add : en.item.save}
      width="medium"
      onYes={save}
      onClose={onClose}
    >
      <TextField label={en.item.title} value={title} onChange={(event) => setTitle(event.target.value)} />
      <TextArea label={en.item.summary} rows={3} value={summary} onChange={(event) => setSummary(event.target.value)} />
      <TextArea
        label={en.item.criteria}
        hint={en.item.criteriaHint}
        rows={3}
        value={criteria}
        onChange={(event) => setCriteria(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-3">
        <Choose
          label={en.item.kind}
          value={kind}
          choices={kinds.map((value) => ({ value, label: en.item.kinds[value] }))}
          onChange={(event) => setKind(isKind(event.target.value) ? event.target.value : 'feature')}
        />
        <TextField
          label={en.item.rank}
          hint={en.item.rankHint}
          type="number"
          min={0}
          value={rank}
          onChange={(event) => setRank(event.target.value)}
        />
      </div>
    </Question>
  );
}
