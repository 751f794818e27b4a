import { createLogUpdate } from 'log-update';
import type { MusterClient } from '../../shared/contract/contract.js';
import type { LiveEvent } from '../../shared/contract/live-events.js';
import type { CliPlaces } from './cli-places.js';
import { emptyScene, progressLines, withEvent } from './screens/progress-lines.js';
import type { ProgressScene } from './screens/progress-lines.js';
import { oneLine, painter, safeForTerminal } from './terminal-text.js';

/** At most twice a second. */
const redrawMs = 500;

/** Shows what happens until it is stopped. */
export interface Progress {
  /** A line that stays: on a terminal above the moving part. */
  say(line: string): void;
  stop(): Promise<void>;
}

/** Live lines on a terminal, plain lines with their time elsewhere. Starts with the views and follows the changes. */
export async function showProgress(client: MusterClient, places: CliPlaces): Promise<Progress> {
  const end = new AbortController();
  const screen = places.stdout.isTerminal ? new LiveScreen(places) : new PlainLines(places);
  const [board, stream] = await Promise.all([client.board(), client.live(undefined, { signal: end.signal })]);
  const cards = Object.fromEntries(board.columns.flatMap((column) => column.cards.map((card) => [card.id, card] as const)));
  screen.begin({ ...emptyScene, sprint: board.sprint, haltReason: board.halt?.reason ?? '', cards });
  const following = follow(stream, (event) => screen.take(safeForTerminal(event)));
  return {
    say: (line) => screen.say(line),
    stop: async () => {
      if (end.signal.aborted) return;
      end.abort();
      await following;
      screen.end();
    },
  };
}

async function follow(stream: AsyncIterable<LiveEvent>, take: (event: LiveEvent) => void): Promise<void> {
  try {
    for await (const event of stream) take(event);
  } catch (error) {
    // Ending the stream from here, or with the runtime that it comes from, is how it is meant to end.
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
}

interface Screen {
  begin(scene: ProgressScene): void;
  take(event: LiveEvent): void;
  say(line: string): void;
  end(): void;
}

class PlainLines implements Screen {
  readonly #places: CliPlaces;

  constructor(places: CliPlaces) {
    this.#places = places;
  }

  begin(): void {
    // The changes tell everything.
  }

  take(event: LiveEvent): void {
    if (event.kind === 'change') for (const { text } of event.lines) this.say(text, event.at);
  }

  say(line: string, at = this.#places.clock.now()): void {
    this.#places.stdout.write(`${at.slice(11, 19)}  ${oneLine(line)}\n`);
  }

  end(): void {
    // Nothing stays open.
  }
}

class LiveScreen implements Screen {
  readonly #places: CliPlaces;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  #scene: ProgressScene = emptyScene;
  #timer: NodeJS.Timeout | null = null;

  constructor(places: CliPlaces) {
    this.#places = places;
    this.#draw = createLogUpdate(places.stdout.stream, { showCursor: true });
  }

  begin(scene: ProgressScene): void {
    this.#scene = safeForTerminal(scene);
    this.#redraw();
    this.#timer = setInterval(() => this.#redraw(), redrawMs);
  }

  take(event: LiveEvent): void {
    this.#scene = withEvent(this.#scene, event);
    if (event.kind === 'change') for (const { text } of event.lines) if (staysOnScreen.test(text)) this.say(text);
  }

  say(line: string): void {
    this.#draw.persist(`${this.#places.clock.now().slice(11, 19)}  ${oneLine(line)}`);
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#redraw();
    this.#draw.done();
  }

  #redraw(): void {
    const paint = painter(true, this.#places.env);
    this.#draw(
      progressLines(this.#scene, { width: Math.max(20, this.#places.stdout.columns - 1), now: this.#places.clock.now(), paint }).join('\n'),
    );
  }
}

/** What is worth a line that stays: what landed, what stopped, and what people said. */
const staysOnScreen =
  / is (?:on the target branch|on its own branch|blocked|paused|not committed|completed|failed|cancelled)| revision \d+: |^Everything is|^Problem|^Sprint \S+ (?:is|")/;
