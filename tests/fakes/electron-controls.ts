import type { MenuItemConstructorOptions } from 'electron';
import { sendAs, StandInPage } from './electron-page.js';
import { app, BrowserWindow, FrameStandIn } from './electron-stand-in.js';
import { emitterOf, StandInEvent, world } from './electron-world.js';

let page: StandInPage | null = null;

const preloadOfWindow = (): string => String(world.windowOptions.at(-1)?.webPreferences?.preload);

function itemIn(items: readonly MenuItemConstructorOptions[], id: string): MenuItemConstructorOptions | null {
  for (const item of items) {
    if (item.id === id) return item;
    const within = Array.isArray(item.submenu) ? itemIn(item.submenu, id) : null;
    if (within) return within;
  }
  return null;
}

function click(items: readonly MenuItemConstructorOptions[], id: string): void {
  const item = itemIn(items, id);
  if (!item) throw new Error(`The menu has no item ${id}.`);
  item.click?.({ checked: item.checked !== true } as never, undefined, {} as never);
}

/** Runs an event of electron's whose default can be prevented; true when it was. */
function prevented(emitter: string, event: string, details: object, ...given: readonly unknown[]): boolean {
  const asked = Object.assign(new StandInEvent(), details);
  emitterOf(emitter).emit(event, asked, ...given);
  return asked.defaultPrevented;
}

/** An origin of a frame that is not the page, or a message from another window. */
const senders: Readonly<Record<string, () => void>> = {
  'a frame within the page': () => sendAs('muster:port-wanted', new FrameStandIn('muster://app', 'within')),
  'another origin': () => sendAs('muster:port-wanted', new FrameStandIn('https://example.org', 'main')),
  'another window': () => sendAs('muster:port-wanted', new FrameStandIn('muster://app', 'main'), {}),
  'a frame that is gone': () => sendAs('muster:port-wanted', null),
};

type Given = readonly unknown[];

/** What a test can do to the shell, by name. */
const controls: Readonly<Record<string, (...given: Given) => unknown>> = {
  facts: () => {
    const { name, paths, isSandboxed, schemes, windowOptions, openedOutside, errorBoxes, lockData, relaunches, reloads, calls, tray } =
      world;
    const kept = { name, paths, isSandboxed, schemes, windowOptions, openedOutside, errorBoxes, lockData, relaunches, reloads, calls };
    return {
      ...kept,
      blockers: [...world.blockers.values()],
      handlers: Object.keys(world.sessionHandlers).sort(),
      tray: tray && shown(tray.items, tray.tip),
    };
  },
  menu: () => shown(world.menu, '').items,
  request: async (url, method = 'GET') => {
    const answer = await world.handlers.get('muster')?.(new Request(String(url), { method: String(method) }));
    return { status: answer?.status, headers: Object.fromEntries(answer?.headers ?? []), text: await answer?.text() };
  },
  navigate: (url, isMainFrame = true) => prevented('contents', 'will-frame-navigate', { url, isMainFrame }),
  redirect: (url) => prevented('contents', 'will-redirect', { url }),
  webview: () => prevented('contents', 'will-attach-webview', {}),
  download: () => prevented('session', 'will-download', {}),
  openWindow: (url) => world.windowOpenHandler?.({ url: String(url) }).action,
  mayRequest: (permission, requestingUrl) =>
    handled('permission-request', (answer) => [{}, permission, answer, { requestingUrl, isMainFrame: true }]),
  mayCheck: (permission, origin) => world.sessionHandlers['permission-check']?.(...([{}, permission, origin, {}] as never[])),
  mayUseDevice: () => world.sessionHandlers['device']?.(...([{}] as never[])),
  mayFetch: (url) => handled('before-request', (answer) => [{ url }, answer]),
  openPage: async () => {
    page = new StandInPage(preloadOfWindow());
    await page.open();
  },
  reopen: () => page?.open(),
  call: (path, input) => page?.call(path as string[], input),
  follow: () => page?.follow(),
  sendAs: (who) => senders[String(who)]?.(),
  click: (id) => click(world.menu, String(id)),
  clickTray: (id) => click(world.tray?.items ?? [], String(id)),
  answer: (label) => {
    const question = world.questions.shift();
    const at = question?.options.buttons?.indexOf(String(label)) ?? -1;
    if (!question || at === -1) throw new Error(`No question has the answer ${String(label)}.`);
    question.answer(at);
  },
  forgetFirstQuestion: () => void world.questions.shift(),
  closeWindow: () => BrowserWindow.all.at(-1)?.closeIfAllowed(),
  moveWindow: (bounds) => {
    const window = BrowserWindow.all.at(-1);
    if (window) window.bounds = bounds as Electron.Rectangle;
    emitterOf('window').emit('move');
  },
  isVisible: () => BrowserWindow.all.at(-1)?.isVisible(),
  emit: (emitter, event, details = {}, ...given) => prevented(String(emitter), String(event), details as object, ...given),
  quit: () => void setImmediate(() => app.quit()),
};

const shown = (items: readonly MenuItemConstructorOptions[], tip: string): { tip: string; items: unknown } => ({
  tip,
  items: JSON.parse(JSON.stringify(items)) as unknown,
});

function handled(name: string, given: (answer: (value: unknown) => void) => readonly unknown[]): Promise<unknown> {
  return new Promise((done) => world.sessionHandlers[name]?.(...(given(done) as never[])));
}

process.on('message', ({ id, control, given }: { readonly id: number; readonly control: string; readonly given: Given }) => {
  Promise.resolve()
    .then(() => controls[control]?.(...given))
    .then(
      (value) => process.send?.({ id, value: value ?? null }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
});
