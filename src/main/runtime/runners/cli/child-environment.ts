/** Variables that say how this machine reaches the network, what language it speaks and where its programs are: no secrets of others. */
const plainVariables = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'SYSTEMROOT',
  'ComSpec',
  'PATHEXT',
] as const;

/** The part of `env` that a CLI gets: the plain variables and those that are its own, nothing else (rules 6). */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  ownVariables: readonly string[],
): Readonly<Record<string, string>> {
  const wanted = [...plainVariables, ...ownVariables].flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...Object.fromEntries(wanted) };
}
