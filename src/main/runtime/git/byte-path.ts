/** A path as git gave it, one byte per character, so that names that are no UTF-8 survive. */
export type BytePath = string;

/** The path as text for people and reports. */
export const readable = (path: BytePath): string => Buffer.from(path, 'latin1').toString('utf8');
