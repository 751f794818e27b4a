import { readFile, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Names with a hash of their content, which never change. */
const isHashed = (path: string): boolean => path.startsWith('/assets/');

/** What a request for a part of the page gets: a file of the build, or a sentence. */
export type PageAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>> } & (
  { readonly file: string; readonly text?: never } | { readonly text: string; readonly file?: never }
);

const plain = (status: number, text: string): PageAnswer => ({ status, text, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/** Finds what `url` names below the built page: `/` and every path without a file name are its entry; nothing outside of it is served. */
export async function pageAnswer(webRoot: string, method: string | undefined, url: string): Promise<PageAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'This path is only for reading.\n');
  const path = decodedPath(url);
  const file = path === null ? null : await fileOf(webRoot, extname(path) === '' ? '/index.html' : path);
  if (file === null)
    return path !== null && extname(path) === ''
      ? plain(503, 'The page is not built. Run `npm run build`, then load this again.\n')
      : plain(404, 'There is no such file.\n');
  return {
    status: 200,
    file,
    headers: {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'cache-control': path !== null && isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}

/** Serves the built page. No session is needed, as no data is in it. */
export async function servePage(webRoot: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, file, text } = await pageAnswer(webRoot, request.method, request.url ?? '/');
  const body = file === undefined ? text : await readFile(file);
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
}

function decodedPath(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url, 'http://page').pathname);
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return null;
    throw error;
  }
}

/** The real path of a file below the root, whichever links lie on the way; null for any other. */
async function fileOf(webRoot: string, path: string): Promise<string | null> {
  if (path.includes('\0')) return null;
  try {
    const root = await realpath(webRoot);
    const file = await realpath(join(root, path));
    return file.startsWith(`${root}${sep}`) ? file : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(String(error.code))) return null;
    throw error;
  }
}
