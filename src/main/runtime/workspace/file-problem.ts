/** What an error code of the system means to a person, and what to do about it. */
const CAUSES: Readonly<Record<string, { readonly why: string; readonly next: string }>> = {
  ENOSPC: { why: 'no space is left on the device', next: 'Free some space and try again.' },
  EDQUOT: { why: 'the disk quota is used up', next: 'Free some space and try again.' },
  EROFS: { why: 'its file system is read-only', next: 'Make it writable and try again.' },
  EACCES: { why: 'access is denied', next: 'Check who may write there and try again.' },
  EPERM: { why: 'the system does not permit it', next: 'Check who may write there and try again.' },
  EBUSY: { why: 'another program is using it', next: 'Close that program and try again.' },
  EIO: { why: 'the disk reported an error', next: 'Check the disk before going on.' },
  ENOENT: { why: 'its folder does not exist', next: 'Make the folder and try again.' },
  ENOTDIR: { why: 'a part of its path is a file', next: 'Move that file away and try again.' },
  EEXIST: { why: 'a file has that name already', next: 'Move that file away and try again.' },
  EISDIR: { why: 'a folder has that name', next: 'Move that folder away and try again.' },
  ELOOP: { why: 'a symbolic link stands in its place', next: 'Remove the link and try again.' },
  ENAMETOOLONG: { why: 'its name is too long', next: 'Use a shorter path.' },
  EMFILE: { why: 'too many files are open', next: 'Raise the limit of open files and try again.' },
  EFBIG: { why: 'it would be larger than the file system allows', next: 'Check the limits of file sizes.' },
};

/** The system's code of an error (`ENOSPC`), or null. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

const FULL_CODES: readonly (string | null)[] = ['ENOSPC', 'EDQUOT'];
const FULL_WORDS = /\b(ENOSPC|EDQUOT)\b|No space left on device|Disk quota exceeded/;

/** Whether an error, or what a program said, means that the disk takes no more. */
export function isFullDisk(error: unknown): boolean {
  if (FULL_CODES.includes(codeOf(error))) return true;
  return error instanceof Error && (FULL_WORDS.test(error.message) || isFullDisk(error.cause));
}

/** `no space is left on the device (ENOSPC). Free some space and try again.` for an error of the system. */
export function causeSentence(error: unknown): string {
  const code = codeOf(error);
  const known = code === null ? undefined : CAUSES[code];
  if (known !== undefined) return `${known.why} (${code}). ${known.next}`;
  const text = error instanceof Error ? error.message : String(error);
  return `${text.replace(/\.$/, '')}. Look at the file and try again.`;
}

/** A file could not be written; the message is a sentence with path, reason and next step. */
export class FileWriteError extends Error {
  readonly path: string;
  /** `ENOSPC`, `LINK`, `SHORT`, …; null when the system gave none. */
  readonly code: string | null;

  constructor(path: string, code: string | null, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FileWriteError';
    this.path = path;
    this.code = code;
  }

  /** Says in a sentence why `path` could not be written; an error that says so already is kept. */
  static from(path: string, error: unknown): FileWriteError {
    if (error instanceof FileWriteError) return error;
    return new FileWriteError(path, codeOf(error), `Could not write ${path}: ${causeSentence(error)}`, error);
  }
}
