/** A server's command: fields parted by colons, the last of which may hold colons itself. */
const COLON = 0x3a;

export interface Field {
  readonly start: number;
  readonly end: number;
}

/** At most `most` fields; the last is the rest, colons and all. */
export function serverFields(
  buffer: Uint8Array,
  start: number,
  end: number,
  most: number,
): Field[] {
  const fields: Field[] = [];
  // Other frames stand behind this one: they are not searched.
  const command = buffer.subarray(0, end);
  let from = start;
  while (fields.length < most - 1) {
    const colon = command.indexOf(COLON, from);
    if (colon === -1) break;
    fields.push({ start: from, end: colon });
    from = colon + 1;
  }
  fields.push({ start: from, end });
  return fields;
}
