import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { setSecurityHeaders } from '../../src/main/web/security-headers.js';
import { servePage } from '../../src/main/web/static-page.js';
import { appContract } from '../../src/shared/contract/app-contract.js';
import { protocolVersion } from '../../src/shared/contract/host-views.js';
import type { LiveChange, LiveEvent, RunningTurnView } from '../../src/shared/contract/live-events.js';
import type { BoardCardView, BoardView, ProblemView, SprintHeadView } from '../../src/shared/contract/board-views.js';
import type { BacklogItemView, StatusView } from '../../src/shared/contract/views.js';
import { columns } from '../../src/shared/domain/board.js';
import type { ColumnId } from '../../src/shared/domain/board.js';
import { planMove } from '../../src/shared/domain/card-moves.js';
import type { Place } from '../../src/shared/domain/card-moves.js';
import { minutesAgo, stageCards, stageRoles, stageSprint } from './stage-cards.js';

const placeAfter: Readonly<Record<ColumnId, Place>> = {
  todo: 'todo',
  in_progress: 'in_progress',
  review: 'review_by_person',
  done: 'done',
  approved: 'approved',
};

const spend = { day: '2026-11-21', turns: 41, tokens: 18_200, limit: 250_000 };

/** An open app without a runtime behind it: a board that is given, moves as the table says, and a stream that a test pushes to. */
export class StageApp {
  readonly cards: Map<string, BoardCardView>;
  sprint: SprintHeadView | null;
  halt: { reason: string; at: string } | null = null;
  problems: ProblemView[] = [];
  writeProblem = '';
  backlog: BacklogItemView[] = [];
  /** Commands that arrived, by method, with their input. */
  readonly given: { method: string; input: unknown }[] = [];
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly sockets = new WebSocketServer({ noServer: true });
  private server: Server | null = null;
  private seq = 100;
  private readonly webRoot: string;

  constructor(webRoot: string, cards: readonly BoardCardView[] = stageCards()) {
    this.webRoot = webRoot;
    this.cards = new Map(cards.map((card) => [card.id, card]));
    this.sprint = stageSprint(cards);
  }

  /** Listens on a free port of 127.0.0.1; resolves with the address of the page. */
  async start(): Promise<string> {
    const handler = new RPCHandler(this.router());
    const server = createServer((request, response) => void this.answer(request, response));
    server.on('upgrade', (request, socket, head) =>
      this.sockets.handleUpgrade(request, socket, head, (opened) => void handler.upgrade(opened, { context: {} })),
    );
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** Cuts every page off, as a runtime that was killed does; the server goes on listening. */
  cut(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server === null ? resolve() : this.server.close(() => resolve())));
  }

  /** Tells every page that these cards are so now. */
  change(cards: readonly BoardCardView[], more: Partial<LiveChange> = {}): number {
    for (const card of cards) this.cards.set(card.id, card);
    this.seq += 1;
    this.push({
      kind: 'change',
      seq: this.seq,
      at: new Date().toISOString(),
      lines: [],
      cards: [...cards],
      goneCards: [],
      backlogItems: [],
      goneBacklogItems: [],
      requests: [],
      roles: [],
      sprint: this.sprint === null ? null : { ...this.sprint, tally: stageSprint([...this.cards.values()]).tally },
      sprintHeads: [],
      problems: null,
      turns: null,
      spend: null,
      isTrusted: null,
      halt: this.halt,
      ...more,
    });
    return this.seq;
  }

  push(event: LiveEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response, (this.server?.address() as AddressInfo).port);
    if (request.url === '/session') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"Ana","role":"lead"}');
      return;
    }
    await servePage(this.webRoot, request, response);
  }

  /** It keeps no changes: whoever missed one has to ask for the views again. */
  protected async *stream(after: number, signal: AbortSignal | undefined): AsyncGenerator<LiveEvent, void> {
    const waiting: LiveEvent[] = [
      ...(after < this.seq ? [{ kind: 'behind' } as const] : []),
      { kind: 'ready', epoch: 'stage', seq: this.seq },
    ];
    let wake = (): void => undefined;
    const listener = (event: LiveEvent): void => {
      waiting.push(event);
      wake();
    };
    this.listeners.add(listener);
    signal?.addEventListener('abort', () => wake());
    try {
      while (signal?.aborted !== true) {
        const next = waiting.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.listeners.delete(listener);
    }
  }

  protected move(todoId: string, to: ColumnId): { seq: number; events: string[]; createdIds: string[] } {
    const card = this.cards.get(todoId);
    if (card === undefined) throw new Error(`There is no card ${todoId}.`);
    const seq = this.change([
      { ...card, column: to, place: placeAfter[to], since: minutesAgo(0), needsPerson: to === 'review' || to === 'done' },
    ]);
    return { seq, events: [], createdIds: [] };
  }

  protected accept(method: string, input: unknown): { seq: number; events: string[]; createdIds: string[] } {
    this.given.push({ method, input });
    return { seq: this.change([]), events: [], createdIds: [`${method}-1`] };
  }

  protected router() {
    const os = implement(appContract);
    const workspaces = {
      current: { path: '/w/acme-shop', project: '/p/acme-shop', name: 'acme-shop', isAttached: false, isRehearsal: false },
      problem: '',
      recent: [],
      sample: { path: '/w/sample', exists: true },
    };
    return {
      host: {
        version: os.host.version.handler(() => ({ version: '0.1.0', protocol: protocolVersion, pid: 1, startedAt: minutesAgo(140) })),
        workspaces: os.host.workspaces.handler(() => workspaces),
      },
      people: { me: os.people.me.handler(() => ({ name: 'Ana', role: 'lead' as const, via: 'web' as const })) },
      board: os.board.handler(() => this.board()),
      status: os.status.handler(() => this.status()),
      list: os.list.handler(() => ({
        roles: [...stageRoles()],
        backlog: {},
        sprints: this.sprint === null ? [] : [this.sprint],
        requests: [],
      })),
      backlog: {
        list: os.backlog.list.handler(() => ({ counts: {}, items: this.backlog })),
        add: os.backlog.add.handler(({ input }) => this.accept('backlog.add', input)),
      },
      live: os.live.handler(({ input, signal }) => this.stream(input?.after?.seq ?? this.seq, signal)),
      requests: { submit: os.requests.submit.handler(({ input }) => this.accept('requests.submit', input)) },
      sprint: {
        start: os.sprint.start.handler(({ input }) => this.accept('sprint.start', input)),
        stop: os.sprint.stop.handler(({ input }) => this.accept('sprint.stop', input)),
        resume: os.sprint.resume.handler(({ input }) => this.accept('sprint.resume', input)),
      },
      stopAll: os.stopAll.handler(({ input }) => this.accept('stopAll', input)),
      todos: {
        answer: os.todos.answer.handler(({ input }) => this.accept('todos.answer', input)),
        reorder: os.todos.reorder.handler(({ input }) => this.accept('todos.reorder', input)),
      },
      review: {
        takeBack: os.review.takeBack.handler(({ input }) => this.move(input.todoId, 'done')),
        approve: os.review.approve.handler(({ input }) => this.move(input.todoId, 'approved')),
      },
      cards: {
        move: os.cards.move.handler(({ input, errors }) => {
          this.given.push({ method: 'cards.move', input });
          const card = this.cards.get(input.todoId);
          const plan = card === undefined ? null : planMove(card, input.to);
          if (plan?.ok === false) throw errors.REFUSED({ message: plan.error.message, data: plan.error });
          return this.move(input.todoId, input.to);
        }),
      },
    };
  }

  private board(): BoardView {
    const cards = [...this.cards.values()].sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    return {
      sprint: this.sprint,
      halt: this.halt,
      columns: columns.map((id) => ({ id, cards: cards.filter((card) => card.column === id) })),
      problems: this.problems,
    };
  }

  private status(): StatusView {
    return {
      workspace: '/w/acme-shop',
      project: '/p/acme-shop',
      isRunning: true,
      isTrusted: true,
      untrustedChanges: [],
      halt: this.halt,
      writeProblem: this.writeProblem,
      sprint: this.sprint,
      roles: [...stageRoles()],
      backlog: {},
      requests: {},
      board: {},
      needsYou: [],
      effects: [],
      spend,
      problems: this.problems,
    };
  }
}

/** The turns that run on the stage. */
export const stageTurns = (): RunningTurnView[] => [
  {
    id: 'turn-todo-142',
    role: 'developer',
    member: 'developer',
    step: 'developer_build',
    subjectId: 'todo-142',
    runner: 'codex',
    isRehearsal: false,
    startedAt: minutesAgo(4),
  },
  {
    id: 'turn-todo-141',
    role: 'architect',
    member: 'architect',
    step: 'architect_review',
    subjectId: 'todo-141',
    runner: 'codex',
    isRehearsal: false,
    startedAt: minutesAgo(1),
  },
];
