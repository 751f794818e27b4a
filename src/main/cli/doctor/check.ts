/** One thing that was looked at. `wrong`: something does not work because of it; `note`: good to know. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'wrong';
  readonly says: string;
  /** What mends it; empty where nothing has to be mended. */
  readonly remedy: string;
}

export const fine = (name: string, says: string): Check => ({ name, status: 'ok', says, remedy: '' });
export const note = (name: string, says: string, remedy = ''): Check => ({ name, status: 'note', says, remedy });
export const wrong = (name: string, says: string, remedy: string): Check => ({ name, status: 'wrong', says, remedy });
