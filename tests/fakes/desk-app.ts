import { implement } from '@orpc/server';
import { appContract } from '../../src/shared/contract/app-contract.js';
import type { WorkspacesView } from '../../src/shared/contract/host-views.js';
import type { LiveEvent } from '../../src/shared/contract/live-events.js';
import type { BoardCardView } from '../../src/shared/contract/board-views.js';
import type { CardView } from '../../src/shared/contract/card-views.js';
import type { RequestView } from '../../src/shared/contract/views.js';
import { StageApp } from './stage-app.js';
import { minutesAgo, stageRoles } from './stage-cards.js';
import { stageDetail, stageDiff, stageGuess, stageItem, stageSprintView, stageTrust } from './stage-details.js';

const pageBytes = 4_000;

/** A stage whose cards, requests and sprint can be looked into, and which may have no workspace open. */
export class DeskApp extends StageApp {
  /** Details that differ from what a card of its place mostly has, by id. */
  readonly details = new Map<string, Partial<CardView>>();
  readonly requests = new Map<string, RequestView>();
  /** What each turn said and did, by its id; all of it ASCII. */
  readonly outputs = new Map<string, string>();
  hasWorkspace = true;
  isTrusted = true;
  /** Refuses the next command with this sentence. */
  refusal = '';

  /** A turn says more, and every page is told. */
  say(turnId: string, subjectId: string, text: string): void {
    this.outputs.set(turnId, (this.outputs.get(turnId) ?? '') + text);
    this.push({ kind: 'activity', turnId, subjectId, member: 'developer', isRehearsal: false, activity: 'text', text });
  }

  private detail(card: BoardCardView): CardView {
    return { ...stageDetail(card), ...this.details.get(card.id) };
  }

  private output(turnId: string, { before, after }: { readonly before?: number; readonly after?: number }) {
    const all = this.outputs.get(turnId) ?? '';
    const to = after === undefined ? (before ?? all.length) : Math.min(all.length, after + pageBytes);
    const from = after ?? Math.max(0, to - pageBytes);
    return {
      turnId,
      text: all.slice(from, to),
      from,
      to,
      size: all.length,
      isLive: this.cards.get(turnId.replace('turn-', ''))?.status === 'running',
    };
  }

  private workspaces(): WorkspacesView {
    return {
      current: this.hasWorkspace
        ? { path: '/w/acme-shop', project: '/p/acme-shop', name: 'acme-shop', isAttached: false, isRehearsal: false }
        : null,
      problem: '',
      recent: [
        { path: '/w/acme-shop', project: '/p/acme-shop', name: 'acme-shop', openedAt: minutesAgo(60), isThere: true },
        { path: '/w/gone', project: '/p/gone', name: 'gone', openedAt: minutesAgo(9_000), isThere: false },
      ],
      sample: { path: '/w/sample', exists: false },
    };
  }

  private openedBy(method: string, input: unknown): WorkspacesView {
    this.given.push({ method, input });
    this.hasWorkspace = true;
    return this.workspaces();
  }

  protected override router() {
    const os = implement(appContract);
    const base = super.router();
    const none = { message: 'No workspace is open.', data: { id: 'no-workspace' as const, message: 'No workspace is open.' } };
    const accept = (method: string) => (call: { readonly input: unknown }) => this.accept(method, call.input);
    return {
      ...base,
      host: {
        ...base.host,
        workspaces: os.host.workspaces.handler(() => this.workspaces()),
        guess: os.host.guess.handler(({ input }) => stageGuess(input.project)),
        create: os.host.create.handler(({ input }) => this.openedBy('host.create', input)),
        open: os.host.open.handler(({ input }) => this.openedBy('host.open', input)),
        runSample: os.host.runSample.handler(() => this.openedBy('host.runSample', {})),
      },
      live: os.live.handler(({ input, signal, errors }): AsyncGenerator<LiveEvent, void> => {
        if (!this.hasWorkspace) throw errors.REFUSED(none);
        return this.stream(input?.after?.seq ?? Number.MAX_SAFE_INTEGER, signal);
      }),
      list: os.list.handler(() => ({
        roles: [...stageRoles()],
        backlog: {},
        sprints: this.sprint === null ? [] : [this.sprint],
        requests: [...this.requests.values()],
      })),
      show: os.show.handler(({ input, errors }) => {
        const card = this.cards.get(input.id);
        if (card !== undefined) return { kind: 'todo' as const, card: this.detail(card) };
        const request = this.requests.get(input.id);
        if (request !== undefined) return { kind: 'request' as const, request };
        if (this.sprint?.id === input.id)
          return { kind: 'sprint' as const, sprint: stageSprintView(this.sprint, [...this.cards.values()]) };
        const message = `There is no ${input.id}.`;
        throw errors.REFUSED({ message, data: { id: 'unknown-id', message } });
      }),
      cards: { ...base.cards, diff: os.cards.diff.handler(({ input }) => stageDiff(input.todoId, input.revision ?? 1)) },
      turns: {
        output: os.turns.output.handler(({ input }) => this.output(input.turnId, input)),
        prompt: os.turns.prompt.handler(({ input }) => ({
          turnId: input.turnId,
          text: 'You are the developer of this team.\n\nBuild what the card says.',
          version: 'd0d327f53d7f3e73',
          sha256: 'a'.repeat(64),
          bytes: 63,
        })),
      },
      receiptOutput: os.receiptOutput.handler(({ input }) => {
        const from = input.offset ?? 0;
        const all = 'ok 1 - a locked account says for how long\n'.repeat(2_000);
        const to = Math.min(all.length, from + (input.limitBytes ?? 65_536));
        return { text: all.slice(from, to), from, to, size: all.length };
      }),
      trust: {
        show: os.trust.show.handler(() => ({
          ...stageTrust(),
          isTrusted: this.isTrusted,
          reasons: this.isTrusted ? [] : stageTrust().reasons,
        })),
        accept: os.trust.accept.handler(({ input }) => {
          this.given.push({ method: 'trust.accept', input });
          this.isTrusted = true;
          return { ...stageTrust(), isTrusted: true, reasons: [] };
        }),
      },
      backlog: {
        ...base.backlog,
        edit: os.backlog.edit.handler(accept('backlog.edit')),
        rank: os.backlog.rank.handler(({ input }) => {
          this.backlog = this.backlog.map((item) => (item.id === input.backlogId ? { ...item, priorityRank: input.rank } : item));
          const accepted = this.accept('backlog.rank', input);
          this.change([], { backlogItems: this.backlog });
          return accepted;
        }),
        drop: os.backlog.drop.handler(accept('backlog.drop')),
      },
      requests: { ...base.requests, cancel: os.requests.cancel.handler(accept('requests.cancel')) },
      todos: {
        ...base.todos,
        retry: os.todos.retry.handler(accept('todos.retry')),
        assign: os.todos.assign.handler(accept('todos.assign')),
        cancel: os.todos.cancel.handler(accept('todos.cancel')),
        requeue: os.todos.requeue.handler(accept('todos.requeue')),
      },
      review: {
        ...base.review,
        approve: os.review.approve.handler(({ input, errors }) => {
          if (this.refusal !== '') throw errors.REFUSED({ message: this.refusal, data: { id: 'own-work', message: this.refusal } });
          this.given.push({ method: 'review.approve', input });
          return this.move(input.todoId, 'approved');
        }),
        revert: os.review.revert.handler(accept('review.revert')),
        requestChanges: os.review.requestChanges.handler(({ input }) => {
          this.given.push({ method: 'review.requestChanges', input });
          return this.move(input.todoId, 'todo');
        }),
      },
    };
  }
}

/** A backlog with an order, rework, and items that are over. */
export const deskBacklog = () => [
  stageItem('backlog-1', 'Confirm the new address', 1),
  stageItem('backlog-2', 'Tell the old address', 2, { kind: 'enhancement', dependsOn: ['backlog-1'] }),
  stageItem('backlog-3', 'Show when the address was changed', 0, {
    status: 'blocked',
    blockedReason: 'Nobody said where it should stand.',
  }),
  stageItem('backlog-4', 'Round the minutes up', 0, { reworkOf: 'todo-139', kind: 'bug' }),
  stageItem('backlog-5', 'Log-out ends every session', 1, { status: 'done', todoIds: ['todo-136'] }),
];
