/** Messages of DNS written out by hand. */
import { hex, joined } from '../../test/support/parser-harness.ts';

export const u16 = (value: number) => (value & 0xffff).toString(16).padStart(4, '0');

export function name(text: string): Uint8Array {
  const labels = text.split('.').filter((label) => label !== '');
  return joined(...labels.map((l) => joined(Uint8Array.of(l.length), hex(`'${l}'`))), hex('00'));
}

export const A = 1;
export const CNAME = 5;
export const AAAA = 28;
export const HTTPS = 65;

export function question(asked: string, { id = 7, type = A, flags = 0x0100 } = {}): Uint8Array {
  const head = hex(`${u16(id)} ${u16(flags)} 00 01 00 00 00 00 00 00`);
  return joined(head, name(asked), hex(`${u16(type)} 00 01`));
}

export function record(owner: string, type: number, ttl: number, data: Uint8Array): Uint8Array {
  const rest = `${u16(type)} 00 01 00 00 ${u16(ttl)} ${u16(data.length)}`;
  return joined(name(owner), hex(rest), data);
}

export function answer(asked: string, records: readonly Uint8Array[], { id = 7, type = A } = {}) {
  const head = hex(`${u16(id)} 81 80 00 01 ${u16(records.length)} 00 00 00 00`);
  return joined(head, name(asked), hex(`${u16(type)} 00 01`), ...records);
}

export const address = (owner: string, written: string, ttl = 60) =>
  record(owner, A, ttl, Uint8Array.from(written.split('.').map(Number)));
export const alias = (owner: string, to: string, ttl = 60) => record(owner, CNAME, ttl, name(to));
