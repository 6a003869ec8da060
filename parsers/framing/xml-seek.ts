/**
 * By which names a stanza is known when the depth is not: after lost octets, or picked up in the
 * middle. A body cannot hold a raw '<', so such a name behind '<' is a tag; it may still be nested
 * (a forwarded message), which the reader of the stanza decides by its namespace declaration.
 */
export const SEEK_NAME_LIMIT = 40; // octets; a prefix may come before

const NAMES: ReadonlySet<string> = new Set([
  'message',
  'presence',
  'iq',
  'stream',
  'proceed',
  'success',
]);

export interface SoughtName {
  /** The root itself. */
  readonly stream: boolean;
  readonly end: boolean;
}

const STANZA: SoughtName = { stream: false, end: false };
const ROOT: SoughtName = { stream: true, end: false };
const ROOT_END: SoughtName = { stream: true, end: true };

/** What the name (with '/' before it in an end tag) starts, if anything worth stopping for. */
export function soughtName(name: Uint8Array, length: number): SoughtName | undefined {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(name[i] ?? 0);
  const local = text.slice(text.indexOf(':') + 1).replace(/^\//, '');
  if (text.startsWith('/')) return local === 'stream' ? ROOT_END : undefined;
  if (!NAMES.has(local)) return undefined;
  return local === 'stream' ? ROOT : STANZA;
}
