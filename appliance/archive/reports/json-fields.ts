/** Reads what an envelope says; anything may be missing, or be something else. */
export type Json = Readonly<Record<string, unknown>>;

/** The object that these octets say; undefined: they say none. */
export function parsed(octets: Uint8Array): Json | undefined {
  try {
    return asObject(JSON.parse(Buffer.from(octets).toString('utf8')));
  } catch {
    return undefined;
  }
}

export function objectIn(json: Json | undefined, name: string): Json | undefined {
  return json === undefined ? undefined : asObject(json[name]);
}

export function textIn(json: Json | undefined, name: string): string | undefined {
  const value = json?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** 0: it is none, or less. */
export function numberIn(json: Json | undefined, name: string): number {
  const value = json?.[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function asObject(value: unknown): Json | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Json) : undefined;
}
