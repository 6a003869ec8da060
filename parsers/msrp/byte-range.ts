/** `Byte-Range: first-last/total`, counted from 1; last and total may be `*` (RFC 4975 §7.1.1). */
export interface ByteRange {
  /** Offset of the first octet, counted from 0. */
  readonly from: number;
  /** Octets of the whole message; undefined while it is not known. */
  readonly total: number | undefined;
  readonly bad: boolean;
}

const WHOLE: ByteRange = { from: 0, total: undefined, bad: false };
const BAD: ByteRange = { from: 0, total: undefined, bad: true };

export function byteRange(value: string | undefined): ByteRange {
  if (value === undefined) return WHOLE;
  const parts = /^(\d{1,15})-(\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(value);
  if (parts === null) return BAD;
  const from = Number(parts[1]) - 1;
  const last = parts[2] === '*' ? undefined : Number(parts[2]);
  const total = parts[3] === '*' ? undefined : Number(parts[3]);
  const bad =
    from < 0 ||
    (last !== undefined && last < from) ||
    (total !== undefined && (from > total || (last !== undefined && last > total)));
  return { from: Math.max(0, from), total, bad };
}
