/** The one-time code of a fragment such as `#code=abc`, or null. */
export function codeOf(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#\/?/, '')).get('code');
}
