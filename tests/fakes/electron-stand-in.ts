import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type * as Electron from 'electron';
import { strict } from './electron-strict.js';
import { emitterOf, StandInEvent, tell, world } from './electron-world.js';

// What the shell uses of electron, typed by electron itself. `on` and its kin are Node's own, whose overloads no object can satisfy.
type On = { on: never; once: never; off: never };
const events = (name: string): On => {
  const emitter = emitterOf(name);
  const bound = { on: emitter.on.bind(emitter), once: emitter.once.bind(emitter), off: emitter.off.bind(emitter) };
  return bound as unknown as On;
};

const mustBeEarly = (what: string): void => {
  if (world.isReady) throw new Error(`${what} has to be called before the app is ready.`);
};

/** Runs a listener chain with an event whose default can be prevented; false when it was prevented. */
function allowed(name: string, event: string, ...given: readonly unknown[]): boolean {
  const asked = new StandInEvent();
  emitterOf(name).emit(event, asked, ...given);
  return !asked.defaultPrevented;
}

export const app = strict('app', {
  ...events('app'),
  whenReady: () =>
    new Promise<void>((ready) =>
      setImmediate(() => {
        world.isReady = true;
        ready();
      }),
    ),
  setName: (name: string) => void (world.name = name),
  setPath: (name: string, path: string) => {
    if (!existsSync(path)) throw new Error(`The path of ${name} does not exist: ${path}`);
    world.paths[name] = path;
  },
  enableSandbox: () => {
    mustBeEarly('enableSandbox');
    world.isSandboxed = true;
  },
  requestSingleInstanceLock: (data?: Record<string | number, unknown>) => {
    world.lockData = data;
    const isFirst = process.env['STANDIN_IS_SECOND'] !== '1';
    if (!isFirst) tell('second', data);
    return isFirst;
  },
  quit: () => {
    if (!allowed('app', 'before-quit')) return;
    for (const window of BrowserWindow.all) if (!window.closeIfAllowed()) return;
    tell('quit');
    process.exit(0);
  },
  exit: (code?: number) => {
    tell('exit', code ?? 0);
    process.exit(code ?? 0);
  },
  relaunch: () => void (world.relaunches += 1),
} satisfies Pick<
  Electron.App,
  'whenReady' | 'setName' | 'setPath' | 'enableSandbox' | 'requestSingleInstanceLock' | 'quit' | 'exit' | 'relaunch'
>);

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => {
    mustBeEarly('registerSchemesAsPrivileged');
    world.schemes.push(...schemes);
  },
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
    if (!world.isReady) throw new Error('protocol.handle works only when the app is ready.');
    world.handlers.set(scheme, async (request) => handler(request));
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>);

const keep =
  (name: string) =>
  (handler: unknown): void =>
    void (world.sessionHandlers[name] = handler as (typeof world.sessionHandlers)[string]);

export const session = strict('session', {
  defaultSession: strict('session.defaultSession', {
    ...events('session'),
    setPermissionRequestHandler: keep('permission-request'),
    setPermissionCheckHandler: keep('permission-check'),
    setDevicePermissionHandler: keep('device'),
    setDisplayMediaRequestHandler: keep('display-media'),
    setBluetoothPairingHandler: keep('bluetooth'),
    webRequest: strict('webRequest', { onBeforeRequest: keep('before-request') }),
  } satisfies Pick<
    Electron.Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setDisplayMediaRequestHandler'
    | 'setBluetoothPairingHandler'
  > & { webRequest: Pick<Electron.WebRequest, 'onBeforeRequest'> }),
});

/** A frame of a page; what is posted to it arrives at the page's side of the preload. */
export class FrameStandIn {
  readonly url: string;
  readonly origin: string;
  readonly processId = 7;
  readonly frameToken: string;

  constructor(origin: string, frameToken: string) {
    this.origin = origin;
    this.url = `${origin}/`;
    this.frameToken = frameToken;
  }

  postMessage = (channel: string, message: unknown, transfer: readonly MessagePortMainStandIn[] = []): void => {
    world.page?.renderer.emit(channel, { ports: transfer.map((port) => port.raw) }, message);
  };
}
null as unknown as FrameStandIn satisfies Pick<Electron.WebFrameMain, 'url' | 'origin' | 'processId' | 'frameToken'>;

/** The page's own frame in the window. */
export const mainFrame = strict('mainFrame', new FrameStandIn('muster://app', 'main'));

export const contents = strict('webContents', {
  ...events('contents'),
  mainFrame: mainFrame as unknown as Electron.WebFrameMain,
  send: (channel: string, ...given: unknown[]) => void world.page?.renderer.emit(channel, {}, ...given),
  reload: () => {
    world.reloads += 1;
    tell('reload', world.reloads);
  },
  forcefullyCrashRenderer: () => tell('crash'),
  setWindowOpenHandler: (handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) => {
    world.windowOpenHandler = handler as typeof world.windowOpenHandler;
  },
} satisfies Pick<Electron.WebContents, 'mainFrame' | 'send' | 'reload' | 'forcefullyCrashRenderer' | 'setWindowOpenHandler'>);

class BrowserWindowStandIn {
  readonly webContents = contents as unknown as Electron.WebContents;
  readonly on: never;
  readonly once: never;
  bounds: Electron.Rectangle;
  isShown = false;
  isBig = false;
  isSmall = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    const { on, once } = events('window');
    this.on = on;
    this.once = once;
    const { x = 0, y = 0, width = 0, height = 0 } = options;
    this.bounds = { x, y, width, height };
    world.windowOptions.push(options);
  }

  loadURL = async (url: string): Promise<void> => {
    const scheme = new URL(url).protocol.slice(0, -1);
    const answer = await world.handlers.get(scheme)?.(new Request(url));
    emitterOf('contents').emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    emitterOf('window').emit('ready-to-show');
    tell('loaded', { url, status: answer?.status ?? 0 });
  };
  show = (): void => {
    this.isShown = true;
    tell('show');
  };
  hide = (): void => {
    this.isShown = false;
    tell('hide');
  };
  minimize = (): void => void (this.isSmall = true);
  maximize = (): void => void (this.isBig = true);
  restore = (): void => void (this.isSmall = false);
  focus = (): void => tell('focus');
  isVisible = (): boolean => this.isShown;
  isMaximized = (): boolean => this.isBig;
  isMinimized = (): boolean => this.isSmall;
  isDestroyed = (): boolean => false;
  getNormalBounds = (): Electron.Rectangle => this.bounds;
  /** As a person closes it, or a quit does. */
  closeIfAllowed = (): boolean => allowed('window', 'close');
}
null as unknown as BrowserWindowStandIn satisfies Pick<
  Electron.BrowserWindow,
  | 'webContents'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'minimize'
  | 'maximize'
  | 'restore'
  | 'focus'
  | 'isVisible'
  | 'isMaximized'
  | 'isMinimized'
  | 'isDestroyed'
  | 'getNormalBounds'
>;

/** Makes windows of the stand-in, which know no other member than theirs. */
export class BrowserWindow {
  static readonly all: BrowserWindowStandIn[] = [];

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    const window = strict('BrowserWindow', new BrowserWindowStandIn(options));
    BrowserWindow.all.push(window);
    emitterOf('app').emit('web-contents-created', {}, contents);
    return window as unknown as BrowserWindow;
  }
}

/** A port of the main process over a real one: silent until `start`, messages in an event's `data`. */
export class MessagePortMainStandIn extends EventEmitter {
  readonly raw: MessagePort;

  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
  }

  start(): void {
    this.raw.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    this.raw.on('close', () => this.emit('close'));
  }

  postMessage(message: unknown, _transfer?: Electron.MessagePortMain[]): void {
    this.raw.postMessage(message);
  }

  close(): void {
    this.raw.close();
  }
}
null as unknown as MessagePortMainStandIn satisfies Pick<Electron.MessagePortMain, 'start' | 'postMessage' | 'close'>;

export class MessageChannelMain {
  readonly port1: MessagePortMainStandIn;
  readonly port2: MessagePortMainStandIn;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMainStandIn(port1);
    this.port2 = new MessagePortMainStandIn(port2);
  }
}

export const ipcMain = strict('ipcMain', events('ipcMain'));
export const powerMonitor = strict('powerMonitor', events('powerMonitor'));
export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false } satisfies Pick<
  Electron.NativeTheme,
  'shouldUseDarkColors'
>);

export const shell = strict('shell', {
  openExternal: (url: string) => {
    world.openedOutside.push(url);
    return Promise.resolve();
  },
} satisfies Pick<Electron.Shell, 'openExternal'>);

const display = (id: number, x: number): Electron.Display =>
  ({ id, workArea: { x, y: 0, width: 1_920, height: 1_040 } }) as unknown as Electron.Display;

export const screen = strict('screen', {
  getPrimaryDisplay: () => display(1, 0),
  getAllDisplays: () => [display(1, 0), display(2, 1_920)],
} satisfies Pick<Electron.Screen, 'getPrimaryDisplay' | 'getAllDisplays'>);

let blockers = 0;

export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: (type: string) => {
    blockers += 1;
    world.blockers.set(blockers, type);
    tell('awake', type);
    return blockers;
  },
  stop: (id: number) => {
    tell('asleep');
    return world.blockers.delete(id);
  },
} satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop'>);

export const nativeImage = strict('nativeImage', {
  createFromPath: (path: string) => {
    if (!existsSync(path)) throw new Error(`There is no picture ${path}.`);
    return {} as Electron.NativeImage;
  },
} satisfies Pick<typeof Electron.nativeImage, 'createFromPath'>);

export const Menu = strict('Menu', {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ template }) as unknown as Electron.Menu,
  setApplicationMenu: (menu: Electron.Menu | null) => void (world.menu = templateOf(menu)),
} satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>);

const templateOf = (menu: unknown): Electron.MenuItemConstructorOptions[] =>
  (menu as { readonly template: Electron.MenuItemConstructorOptions[] } | null)?.template ?? [];

export class Tray {
  constructor(_image: Electron.NativeImage) {
    world.tray = { tip: '', items: [] };
    return strict('Tray', {
      ...events('tray'),
      setToolTip: (tip: string) => {
        if (world.tray) world.tray.tip = tip;
        tell('tip', tip);
      },
      setContextMenu: (menu: Electron.Menu | null) => {
        if (world.tray) world.tray.items = templateOf(menu);
      },
      destroy: () => void (world.tray = null),
    } satisfies Pick<Electron.Tray, 'setToolTip' | 'setContextMenu' | 'destroy'>) as unknown as Tray;
  }
}

function askTest(...given: readonly unknown[]): Promise<Electron.MessageBoxReturnValue> {
  const options = given.at(-1) as Electron.MessageBoxOptions;
  return new Promise((done) => {
    const answer = (response: number): void => done({ response, checkboxChecked: false });
    world.questions.push({ options, answer });
    options.signal?.addEventListener('abort', () => answer(options.cancelId ?? 0));
    tell('question', { message: options.message, detail: options.detail, buttons: options.buttons });
  });
}

export const dialog = strict('dialog', {
  showMessageBox: askTest,
  showErrorBox: (title: string, content: string) => {
    world.errorBoxes.push(`${title}: ${content}`);
    tell('error-box', `${title}: ${content}`);
  },
} satisfies Pick<Electron.Dialog, 'showMessageBox' | 'showErrorBox'>);
