/** A short message for what has no place on the page. */
export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'bad';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const shownMs = 8_000;
const mostAtOnce = 3;

/** Toasts that are shown now, oldest first; each leaves by itself after eight seconds, but one that failed waits for the reader. */
export class ToastQueue {
  private toasts: readonly Toast[] = [];
  private readonly listeners = new Set<() => void>();
  private lastId = 0;

  readonly list = (): readonly Toast[] => this.toasts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  show(toast: Omit<Toast, 'id'>): void {
    const id = (this.lastId += 1);
    this.set([...this.toasts, { ...toast, id }].slice(-mostAtOnce));
    if (toast.tone === 'plain') setTimeout(() => this.dismiss(id), shownMs);
  }

  dismiss(id: number): void {
    this.set(this.toasts.filter((toast) => toast.id !== id));
  }

  private set(toasts: readonly Toast[]): void {
    this.toasts = toasts;
    for (const listener of this.listeners) listener();
  }
}

/** The page's toasts. */
export const toastQueue = new ToastQueue();
