/** Test support: packets written as people can read them. */
import { hex, joined, octets } from '../../test/support/parser-harness.ts';

export interface Head {
  readonly status?: number;
  /** Octets 4 and 5 as a big-endian number. */
  readonly version?: number;
  readonly session?: number;
}

export const V16 = 0x10;
/** A server's header. */
export const OF_SERVER: Head = { version: 0, status: 1 };

/** `1=ann|5=bob|14=hi`: a character up to U+00FF is one octet, beyond it UTF-8. */
export function packet(service: number, fields: string, head: Head = {}): Uint8Array {
  return framed(service, pairs(fields), head);
}

export function pairs(fields: string): Uint8Array {
  if (fields === '') return new Uint8Array(0);
  const parts = fields.split('|').map((field) => {
    const equals = field.indexOf('=');
    return joined(
      octets(field.slice(0, equals)),
      SEPARATOR,
      octets(field.slice(equals + 1)),
      SEPARATOR,
    );
  });
  return joined(...parts);
}

export function framed(service: number, body: Uint8Array, head: Head = {}): Uint8Array {
  const { status = 0, version = V16, session = 0 } = head;
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header.set(octets('YMSG'));
  view.setUint16(4, version);
  view.setUint16(8, body.length);
  view.setUint16(10, service);
  view.setInt32(12, status | 0);
  view.setInt32(16, session | 0);
  return joined(header, body);
}

/** From the server, with status 1. */
export function served(service: number, fields: string, head: Head = {}): Uint8Array {
  return packet(service, fields, { ...OF_SERVER, ...head });
}

/** UTF-8 octets, a character each. */
export function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

export const SEPARATOR = hex('c0 80');

/** What the client `ann` says, and what she hears, of YMSG 16. */
export const mine = { protocolVersion: '16', origin: 'client', account: 'ann', from: 'ann' };
/** A server's packets tell no version. */
export const heard = { origin: 'server', account: 'ann' };
export const direct = { route: 'direct' };
