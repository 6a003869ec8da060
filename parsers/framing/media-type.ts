/**
 * `type/subtype; name=value; name="quoted value"` (RFC 2045 §5.1, RFC 3261 §25.1), and other headers of
 * the same form (Content-Disposition, Authorization fields have commas and are not read here).
 */
const PARAMETERS_LIMIT = 16;

export interface MediaType {
  /** Lower-case, without parameters. */
  readonly type: string;
  /** By lower-case name; the first of several stands. */
  readonly parameters: ReadonlyMap<string, string>;
}

const NO_TYPE: MediaType = { type: '', parameters: new Map() };

/** `type` is '' where there is none. */
export function mediaType(value: string | undefined): MediaType {
  if (value === undefined) return NO_TYPE;
  const semicolon = value.indexOf(';');
  const type = (semicolon === -1 ? value : value.slice(0, semicolon)).trim().toLowerCase();
  return {
    type,
    parameters: semicolon === -1 ? NO_TYPE.parameters : parametersOf(value, semicolon),
  };
}

/** `; a=b; c="d;e"` from `at`, which is at the first semicolon. */
export function parametersOf(value: string, at: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pattern = /;\s*([^\s=;"]{1,64})\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?/y;
  pattern.lastIndex = at;
  for (let n = 0; n < PARAMETERS_LIMIT; n++) {
    const match = pattern.exec(value);
    if (match === null) break;
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
    while (/\s/.test(value[pattern.lastIndex] ?? '')) pattern.lastIndex++;
  }
  return found;
}
