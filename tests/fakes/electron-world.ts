import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions, MessageBoxOptions } from 'electron';

/** A question of the shell that waits for the test's answer. */
export interface AskedQuestion {
  readonly options: MessageBoxOptions;
  readonly answer: (response: number) => void;
}

/** What a page in the window hears and says; the preload and the page of the test are its two users. */
export interface PageSide {
  readonly renderer: EventEmitter;
}

/** Everything that the stand-in was told, in one place, for the test to look at. */
export const world = {
  isReady: false,
  name: '',
  paths: {} as Record<string, string>,
  isSandboxed: false,
  schemes: [] as unknown[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  sessionHandlers: {} as Record<string, (...given: never[]) => unknown>,
  windowOptions: [] as BrowserWindowConstructorOptions[],
  windowOpenHandler: null as ((details: { readonly url: string }) => { readonly action: string }) | null,
  openedOutside: [] as string[],
  questions: [] as AskedQuestion[],
  errorBoxes: [] as string[],
  blockers: new Map<number, string>(),
  menu: [] as MenuItemConstructorOptions[],
  tray: null as { tip: string; items: MenuItemConstructorOptions[] } | null,
  lockData: null as unknown,
  relaunches: 0,
  reloads: 0,
  calls: [] as string[],
  page: null as PageSide | null,
  emitters: {} as Record<string, EventEmitter>,
};

/** Tells the test that something happened; the test waits for it by its kind. */
export function tell(kind: string, value: unknown = null): void {
  world.calls.push(kind);
  process.send?.({ kind, value });
}

/** An event whose default can be prevented, as electron's are. */
export class StandInEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** An emitter of the shell that the test can reach by name. */
export function emitterOf(name: string): EventEmitter {
  return (world.emitters[name] ??= new EventEmitter());
}
