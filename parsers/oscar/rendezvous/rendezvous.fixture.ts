/** Test support: rendezvous messages made by hand, and a connection that they come on. */

import { ImEvent } from '../../../src/event/event.ts';
import { Ear, flowContext, hex, joined, octets } from '../../../test/support/parser-harness.ts';
import type { FlowContext, Unit } from '../../contract.ts';
import type { RendezvousHost } from '../rendezvous-host.ts';
import { Rendezvous } from './rendezvous.ts';

export const COOKIE = '434f4f4b49453031'; // COOKIE01
export const guid = (number: string) => hex(`0946${number}4c7f11d18222444553540000`);
export const SEND_FILE = guid('1343');
export const GET_FILE = guid('1348');
export const DIRECT_IM = guid('1345');
export const ICON = guid('1346');
export const VOICE = guid('1341');
export const VIDEO = guid('0101');

export function tlv(type: number, value: Uint8Array | string = ''): Uint8Array {
  const wire = typeof value === 'string' ? octets(value) : value;
  const head = Uint8Array.of(type >> 8, type & 255, wire.length >> 8, wire.length & 255);
  return joined(head, wire);
}

export const word = (value: number) => Uint8Array.of(value >> 8, value & 255);
const address = (text: string) => Uint8Array.from(text.split('.'), Number);

/** The value of TLV 0005. */
export function block(
  type: number,
  capability: Uint8Array,
  tlvs: readonly Uint8Array[] = [],
  cookie = COOKIE,
): Uint8Array {
  return joined(word(type), hex(cookie), capability, ...tlvs);
}

export const sequence = (n: number) => tlv(0x0a, word(n));
export const listens = (at: string, port: number, verified?: string) => [
  tlv(0x02, address(at)),
  tlv(0x03, address(at)),
  tlv(0x05, word(port)),
  ...(verified === undefined ? [] : [tlv(0x04, address(verified))]),
];
export const fileData = (name: Uint8Array | string, size: number, files = 1) =>
  tlv(
    0x2711,
    joined(
      word(files > 1 ? 2 : 1),
      word(files),
      Uint8Array.of(size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255),
      typeof name === 'string' ? octets(name) : name,
      Uint8Array.of(0),
    ),
  );

/** A proposal of plan.pdf, 52341 octets, at 192.168.1.10:5190. */
export const PLAN = block(0, SEND_FILE, [
  sequence(1),
  ...listens('192.168.1.10', 5190),
  tlv(0x0f),
  fileData('plan.pdf', 52341),
]);

/** The connection of ann, who talks with bob. */
export class Talk implements RendezvousHost {
  readonly ear = new Ear();
  readonly context: FlowContext;
  readonly rendezvous: Rendezvous;
  readonly account: string;
  #fromClient = true;

  constructor(account = 'ann', memory = new Map<string, unknown>()) {
    this.account = account;
    this.context = flowContext({ memory });
    this.rendezvous = new Rendezvous(this);
  }

  newEvent(kind: ImEvent['kind']): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'aim';
    event.protocol = 'oscar';
    event.account = this.account;
    event.origin = this.#fromClient ? 'client' : 'server';
    return event;
  }

  say(event: ImEvent) {
    return this.ear.event(event, UNIT);
  }

  anomaly(name: string): void {
    this.ear.anomaly(name);
  }

  expect(...[connection, refused]: Parameters<RendezvousHost['expect']>): void {
    this.ear.expect(connection, refused);
  }

  /** `by` sends it to `to`; what was lent is overwritten. */
  send(by: string, to: string, wire: Uint8Array, cookie = COOKIE): boolean {
    this.#fromClient = by === this.account;
    const lent = joined(octets('before'), wire, octets('after'));
    const read = this.rendezvous.part(this.#part(lent, 6, 6 + wire.length, by, to, cookie));
    lent.fill(0xee);
    return read;
  }

  /** 04/0B of `by`, with the data behind its reason. */
  refuse(by: string, to: string, code: number, data: Uint8Array = new Uint8Array(0)): boolean {
    this.#fromClient = by === this.account;
    return this.rendezvous.refused(this.#part(data, 0, data.length, by, to, COOKIE), code);
  }

  #part(
    buffer: Uint8Array,
    start: number,
    end: number,
    sender: string,
    recipient: string,
    cookie: string,
  ) {
    return { buffer, start, end, fromClient: this.#fromClient, sender, recipient, cookie };
  }
}

const UNIT: Unit = {
  direction: 0,
  start: 0,
  end: 0,
  textStart: -1,
  textEnd: -1,
  head: 0,
  form: 0,
};
