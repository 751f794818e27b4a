import { dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';

/** A question with one answer per button; the first answer is the usual one. */
export interface Question<A extends string> {
  readonly message: string;
  readonly detail: string;
  readonly type?: 'question' | 'warning' | 'error';
  readonly answers: readonly (readonly [answer: A, label: string])[];
  /** What closing the question means. */
  readonly otherwise: A;
  /** Takes the question away. */
  readonly signal?: AbortSignal;
}

/** Asks over the window, or beside it while it is hidden. */
export async function ask<A extends string>(window: BrowserWindow | null, question: Question<A>): Promise<A> {
  const { message, detail, type = 'question', answers, otherwise, signal } = question;
  const options: MessageBoxOptions = {
    type,
    message,
    detail,
    buttons: answers.map(([, label]) => label),
    defaultId: 0,
    cancelId: answers.findIndex(([answer]) => answer === otherwise),
    noLink: true,
    ...(signal ? { signal } : {}),
  };
  const { response } = await (window?.isVisible() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return answers[response]?.[0] ?? otherwise;
}
