import { join } from 'node:path';
import { app, Menu, session } from 'electron';
import type { AppContext } from '../host/app-context.js';
import { windowSession } from '../host/app-session.js';
import type { AppSession } from '../host/app-session.js';
import type { WorkspaceHost } from '../host/workspace-host.js';
import { serveAppScheme } from './app-scheme.js';
import { BuildStamp } from './build-stamp.js';
import { IpcGate } from './ipc-gate.js';
import { KeepAwake } from './keep-awake.js';
import type { LaunchWords } from './launch-words.js';
import { lockSession } from './lock-down.js';
import { MainWindow } from './main-window.js';
import { menuTemplate } from './menu.js';
import { Quit } from './quit.js';
import { ask } from './questions.js';
import { shellText } from './shell-text.js';
import { TrayIcon } from './tray.js';
import { TurnWatch } from './turn-watch.js';
import { WindowSettings } from './window-settings.js';

/** What the shell stands on. Paths are absolute. */
export interface ShellOptions {
  readonly host: WorkspaceHost;
  readonly words: LaunchWords;
  readonly isDev: boolean;
  readonly preload: string;
  readonly webRoot: string;
  readonly pictures: string;
  readonly buildStamp: string;
  /** Where the window keeps what it remembers of itself. */
  readonly stateDir: string;
  readonly onLog: (line: string) => void;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The window and what belongs to it, over one host; `start` when the app is ready, over when the app quits. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #settings: WindowSettings;
  readonly #window: MainWindow;
  readonly #tray: TrayIcon;
  readonly #keepAwake = new KeepAwake();
  readonly #stamp: BuildStamp;
  readonly #session: AppSession = windowSession('');
  readonly #watch: TurnWatch;
  readonly #gate: IpcGate;
  readonly quit: Quit;
  #opened = (_context: AppContext): void => undefined;
  #isAskingToClose = false;
  #isAskingToRestart = false;

  constructor(options: ShellOptions) {
    const { host, isDev, preload, pictures, stateDir, onLog } = options;
    const { clock } = host.options;
    this.#options = options;
    this.#settings = new WindowSettings(join(stateDir, 'window.json'), clock, onLog);
    this.#stamp = new BuildStamp(options.buildStamp);
    this.#window = new MainWindow({
      preload,
      icon: join(pictures, 'icon.png'),
      settings: this.#settings,
      clock,
      isDev,
      onClose: (event) => this.#closing(event),
      onSessionEnd: () => this.quit.now('The system ends this session.'),
      onLog,
    });
    this.#tray = new TrayIcon({
      pictures,
      open: () => this.#window.show(),
      stopAll: () => void this.#stopAll(),
      quit: () => app.quit(),
      onLog,
    });
    this.#watch = new TurnWatch(host, this.#session, (count) => this.#counted(count));
    this.#gate = new IpcGate({
      context: new Promise((opened) => (this.#opened = opened)),
      contents: () => this.#window.contents,
      onServed: () => this.#served(),
      onLog,
    });
    this.quit = this.#wayOut();
  }

  /** Shows the window and opens the workspace; the page waits for it. */
  async start(): Promise<void> {
    const { host, isDev, webRoot } = this.#options;
    await this.#settings.load();
    lockSession(session.defaultSession, isDev);
    serveAppScheme(webRoot);
    this.#gate.start();
    this.#showMenu();
    this.#tray.show();
    this.#window.show();
    host.subscribe(() => this.#counted(this.#watch.count));
    await this.#openFirst();
    await this.#session.rename(await host.personName());
    this.#opened({ host, session: this.#session });
    this.#counted(0);
    void this.#watch.run();
  }

  show(): void {
    this.#window.show();
  }

  /** Somebody started Muster again: this window comes to the front, on the workspace that was named there. */
  async startedAgain({ workspaceDir }: LaunchWords): Promise<void> {
    this.#window.show();
    const { host } = this.#options;
    const current = host.current;
    if (workspaceDir === null || current?.path === workspaceDir) return;
    if (current !== null && this.#turnsToEnd() > 0) {
      const { message, detail, open } = shellText.otherWorkspace;
      const answer = await ask(this.#window.window, {
        message: message(workspaceDir),
        detail: detail(this.#turnsToEnd(), current.path),
        answers: [
          ['open', open],
          ['cancel', shellText.cancel],
        ],
        otherwise: 'cancel',
      });
      if (answer === 'cancel') return;
    }
    const opened = await host.open(workspaceDir).catch((error: unknown) => ({ ok: false as const, error: sentence(error) }));
    if (!opened.ok) await this.#tell(shellText.otherWorkspace.failed, opened.error);
  }

  async #openFirst(): Promise<void> {
    const { host, words, onLog } = this.#options;
    try {
      const path = words.workspaceDir ?? (await host.lastOpened());
      const opened = path === null ? null : await host.open(path);
      if (opened?.ok === false) onLog(opened.error);
    } catch (error) {
      onLog(`The workspace could not be opened: ${sentence(error)}`);
    }
  }

  #wayOut(): Quit {
    const { host, onLog } = this.#options;
    const { message, detail, stop, background } = shellText.quit;
    return new Quit({
      clock: host.options.clock,
      turnsToEnd: () => this.#turnsToEnd(),
      ask: (turns) =>
        ask(this.#window.window, {
          message: message(turns),
          detail,
          answers: [
            ['stop', stop],
            ['background', background],
            ['cancel', shellText.cancel],
          ],
          otherwise: 'cancel',
        }),
      goToBackground: () => this.#goToBackground(),
      onEnding: () => this.#window.window?.hide(),
      close: async () => {
        this.#watch.stop();
        this.#gate.stop();
        await this.#settings.flush();
        await host.close();
        this.#keepAwake.set(false);
        this.#tray.remove();
      },
      end: (isInOrder) => (isInOrder ? app.quit() : app.exit(1)),
      onLog,
    });
  }

  /** Turns of another process go on without this one. */
  #turnsToEnd(): number {
    return this.#options.host.current?.isAttached === true ? 0 : this.#watch.count;
  }

  #counted(count: number): void {
    // What ends does so awake.
    if (this.quit.isEnding) return;
    this.#keepAwake.set(count > 0);
    this.#tray.tell(this.#options.host.current?.name ?? '', count);
  }

  #goToBackground(): void {
    if (this.#tray.isThere) this.#window.window?.hide();
    else this.#window.window?.minimize();
  }

  #closing(event: { preventDefault(): void }): void {
    if (this.quit.isEnding) return;
    event.preventDefault();
    void this.#closed();
  }

  async #closed(): Promise<void> {
    if (this.#isAskingToClose) return;
    const answer = this.#tray.isThere ? this.#settings.kept.onClose : 'quit';
    const chosen = answer === 'ask' ? await this.#askOnClose() : answer;
    if (chosen === 'background') this.#goToBackground();
    else if (chosen === 'quit') app.quit();
  }

  async #askOnClose(): Promise<'background' | 'quit' | 'cancel'> {
    const { message, detail, background, quit } = shellText.close;
    this.#isAskingToClose = true;
    const answer = await ask(this.#window.window, {
      message,
      detail,
      answers: [
        ['background', background],
        ['quit', quit],
        ['cancel', shellText.cancel],
      ],
      otherwise: 'cancel',
    });
    this.#isAskingToClose = false;
    if (answer !== 'cancel') this.#setOnClose(answer);
    return answer;
  }

  #setOnClose(onClose: 'background' | 'quit'): void {
    this.#settings.set({ onClose });
    this.#showMenu();
  }

  #showMenu(): void {
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate({
          isMac: process.platform === 'darwin',
          isDev: this.#options.isDev,
          staysInBackground: this.#settings.kept.onClose === 'background',
          send: (action) => this.#window.send(action),
          setStaysInBackground: (stays) => this.#setOnClose(stays ? 'background' : 'quit'),
        }),
      ),
    );
  }

  #served(): void {
    this.#window.served();
    void this.#askToRestart();
  }

  async #askToRestart(): Promise<void> {
    if (this.#isAskingToRestart || !(await this.#stamp.hasChanged())) return;
    this.#isAskingToRestart = true;
    const { message, detail, restart, later } = shellText.rebuilt;
    const answer = await ask(this.#window.window, {
      message,
      detail,
      answers: [
        ['restart', restart],
        ['later', later],
      ],
      otherwise: 'later',
    });
    this.#isAskingToRestart = false;
    if (answer === 'later') return;
    app.relaunch();
    this.quit.now('Muster starts again.');
  }

  async #stopAll(): Promise<void> {
    const { message, detail, stop, failed } = shellText.stopAll;
    const answer = await ask(this.#window.window, {
      type: 'warning',
      message: message(this.#watch.count),
      detail,
      answers: [
        ['stop', stop],
        ['cancel', shellText.cancel],
      ],
      otherwise: 'cancel',
    });
    if (answer === 'cancel') return;
    try {
      const { name, via } = this.#session;
      await this.#options.host.clientFor({ name, via }).stopAll({});
    } catch (error) {
      await this.#tell(failed, sentence(error));
    }
  }

  async #tell(message: string, detail: string): Promise<void> {
    await ask(this.#window.window, { type: 'error', message, detail, answers: [['well', 'OK']], otherwise: 'well' });
  }
}
