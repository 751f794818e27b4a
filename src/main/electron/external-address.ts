const longest = 2_000;

/** An address that a person's browser may be sent to: https, with no name or password in it. null for any other. */
export function externalAddress(address: string): string | null {
  if (address.length > longest || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null;
}
