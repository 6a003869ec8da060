/** The file name at the end of a URL's path, percent-decoded; undefined where there is none. */
export function nameInUrl(url: string): string | undefined {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1];
  const last = path?.slice(path.lastIndexOf('/') + 1);
  if (!last) return undefined;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // not UTF-8 behind the percent signs
  }
}
