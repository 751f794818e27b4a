import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { BrowserWindowConstructorOptions, WebContents } from 'electron';
import { windowChannels } from '../../shared/contract/window-messages.js';
import type { MenuActionId } from '../../shared/contract/window-messages.js';
import type { Clock } from '../runtime/ports/clock.js';
import { pageAddress } from './app-scheme.js';
import { PageWatch } from './page-watch.js';
import { shellText } from './shell-text.js';
import type { Bounds } from './window-bounds.js';
import { smallestSize, windowBounds } from './window-bounds.js';
import type { WindowSettings } from './window-settings.js';

/** What the window stands on. Paths are absolute. */
export interface MainWindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly settings: WindowSettings;
  readonly clock: Clock;
  readonly isDev: boolean;
  /** A person closes the window; preventing the event keeps it. */
  readonly onClose: (event: { preventDefault(): void }) => void;
  /** The system ends the session of this user. */
  readonly onSessionEnd: () => void;
  readonly onLog: (line: string) => void;
}

/** Drawn until the page is there; as its own background. */
const background = { light: '#f6f7f8', dark: '#111419' } as const;

/** The one window with the page; made when it is shown first. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  #isServed = false;
  #waiting: MenuActionId | null = null;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  get window(): BrowserWindow | null {
    return this.#window;
  }

  get contents(): WebContents | null {
    return this.#window?.webContents ?? null;
  }

  /** Brings the window to the front, wherever it was. */
  show(): void {
    if (this.#window === null) return this.#open();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** Asks the page for something, at once or as soon as the page is there. */
  send(action: MenuActionId): void {
    this.show();
    if (this.#isServed) this.contents?.send(windowChannels.menuAction, action);
    else this.#waiting = action;
  }

  /** The page is there. */
  served(): void {
    this.#isServed = true;
    const action = this.#waiting;
    this.#waiting = null;
    if (action !== null) this.contents?.send(windowChannels.menuAction, action);
  }

  #open(): void {
    const { settings, clock, onLog } = this.#options;
    const window = new BrowserWindow(this.#constructorOptions());
    this.#window = window;
    window.once('ready-to-show', () => {
      if (settings.kept.isMaximized) window.maximize();
      window.show();
    });
    this.#remember(window);
    window.on('close', this.#options.onClose);
    window.on('session-end', this.#options.onSessionEnd);
    window.on('closed', () => {
      this.#window = null;
      this.#isServed = false;
    });
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#isServed = false;
    });
    new PageWatch(window, clock, onLog).start();
    // A page that cannot be loaded is noticed by its watch.
    window.loadURL(pageAddress).catch((error: unknown) => onLog(`The page could not be loaded: ${String(error)}`));
  }

  #constructorOptions(): BrowserWindowConstructorOptions {
    const { preload, icon, isDev, settings } = this.#options;
    const primary = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
    return {
      ...windowBounds(settings.kept.bounds, [primary.workArea, ...others.map(({ workArea }) => workArea)]),
      minWidth: smallestSize.width,
      minHeight: smallestSize.height,
      title: shellText.product,
      icon,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        // Its dictionaries would be downloaded.
        spellcheck: false,
        devTools: isDev,
      },
    };
  }

  #remember(window: BrowserWindow): void {
    const note = (): void => {
      const isMaximized = window.isMaximized();
      const bounds: Bounds = window.getNormalBounds();
      this.#options.settings.set({ isMaximized, bounds });
    };
    window.on('resize', note);
    window.on('move', note);
    window.on('maximize', note);
    window.on('unmaximize', note);
  }
}
