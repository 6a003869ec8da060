/**
 * What a proxy sends instead of a refused packet (dossier §7): to the sender of a message that it was
 * blocked, to the server that a message arrived (it would come again at the next login), to who offers
 * a file that it is declined; and the notice, a message of the network itself.
 */
import { i32le } from '../../src/bytes/read.ts';
import { toWindows1250 } from '../../src/bytes/windows-1250.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement } from '../contract.ts';
import { Generation, type GgFlow } from './gg-flow.ts';
import { ToClient, ToServer } from './packet-type.ts';
import { ProtobufFields } from './protobuf.ts';
import { uinOctets } from './uin.ts';

const NOTHING = new Uint8Array(0);
const ENCODER = new TextEncoder();
const CHAT = 8; // class of a message
const NO_ACK = 0x20; // class bit: nobody waits for an acknowledgement
const BLOCKED = 1;
const DECLINED = 2;
const LONGEST_NOTICE = 1900; // UTF-16 units: clients take 1909 octets of text

export function replacementFor(
  flow: GgFlow,
  event: ImEvent,
  notice: string | undefined,
): Replacement | undefined {
  if (!flow.whole) return undefined;
  const told = notice === undefined ? NOTHING : message(flow, notice.slice(0, LONGEST_NOTICE));
  if (event.kind === 'session.login') {
    return { forward: packet(ToClient.LoginFailed, NOTHING), back: NOTHING };
  }
  if (flow.signsIn) return { forward: NOTHING, back: packet(ToClient.LoginFailed, NOTHING) };
  if (!mayVanish(event)) return undefined;
  const answer = answerTo(flow, event);
  if (!flow.toServer) return { forward: told, back: answer };
  return { forward: NOTHING, back: joined(answer, told) };
}

/** A login that does not arrive, or an answer to it, leaves both sides waiting. */
function mayVanish({ kind }: ImEvent): boolean {
  return !kind.startsWith('session.');
}

function answerTo(flow: GgFlow, event: ImEvent): Uint8Array {
  const { buffer, body, type, toServer } = flow;
  if (toServer) {
    if (type === ToServer.SendMessage || type === ToServer.SendMessage80) {
      if ((i32le(buffer, body + 8) & NO_ACK) !== 0) return NOTHING;
      const recipient = i32le(buffer, body);
      return packet(ToClient.MessageAck, words(BLOCKED, recipient, i32le(buffer, body + 4)));
    }
    if (type === ToServer.SendMessage110 || type === ToServer.RoomMessage) {
      const kind = type === ToServer.RoomMessage ? 2 : 1;
      const time = fixed32(3, flow.serverTime);
      const seq = varint(2, sequenceOf(flow));
      return packet(ToClient.MessageAck110, joined(varint(1, kind), seq, time, varint(7, 0)));
    }
  } else if (type === ToClient.Message80) {
    return packet(ToServer.MessageAck, words(i32le(buffer, body + 4)));
  } else if (type === ToClient.Message110 || type === ToClient.RoomMessage) {
    const kind = type === ToClient.RoomMessage ? 2 : 1;
    return packet(
      ToServer.Ack110,
      joined(varint(1, kind), varint(2, sequenceOf(flow)), varint(3, 1)),
    );
  }
  // Both kinds of offer are 0x20 in both directions, and both kinds of refusal 0x22.
  if (type !== ToServer.TransferNew) return NOTHING;
  const other = Number((toServer ? event.to?.[0] : event.from) ?? 0);
  const refusal = new Uint8Array(16);
  refusal.set(words(other));
  refusal.set(buffer.subarray(body, body + 8), 4);
  refusal.set(words(DECLINED), 12);
  return packet(ToServer.TransferReject, refusal);
}

/** Of a message of 11: field 3. */
function sequenceOf({ buffer, body, end }: GgFlow): number {
  const fields = new ProtobufFields().open(buffer, body, end);
  let seq = 0;
  while (fields.next()) if (fields.field === 3) seq = fields.value;
  return seq;
}

/** From UIN 0, as the generation of the client reads it. */
function message({ generation, serverTime }: GgFlow, text: string): Uint8Array {
  if (generation === Generation.V110) {
    const plain = ENCODER.encode(text);
    const markup = ENCODER.encode(markupOf(text));
    return packet(
      ToClient.Message110,
      joined(
        octetsField(1, uinOctets('0')),
        varint(2, 0),
        varint(3, 0),
        fixed32(4, serverTime),
        octetsField(5, plain),
        octetsField(6, markup),
      ),
    );
  }
  const plain = joined(toWindows1250(text), Uint8Array.of(0));
  if (generation === Generation.Old) {
    return packet(ToClient.Message, joined(words(0, 0, serverTime, CHAT), plain));
  }
  const markup = joined(ENCODER.encode(markupOf(text)), Uint8Array.of(0));
  const plainAt = 24 + markup.length;
  const head = words(0, 0, serverTime, CHAT, plainAt, plainAt + plain.length);
  return packet(ToClient.Message80, joined(head, markup, plain));
}

function markupOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<span>${escaped.replaceAll('\n', '<br>')}</span>`;
}

function packet(type: number, payload: Uint8Array): Uint8Array {
  return joined(words(type, payload.length), payload);
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((v) => [v, v >>> 8, v >>> 16, v >>> 24]));
}

function varint(field: number, value: number): Uint8Array {
  return Uint8Array.from([field << 3, ...varintOctets(value)]);
}

function octetsField(field: number, octets: Uint8Array): Uint8Array {
  return joined(Uint8Array.from([(field << 3) | 2, ...varintOctets(octets.length)]), octets);
}

function fixed32(field: number, value: number): Uint8Array {
  return joined(Uint8Array.of((field << 3) | 5), words(value));
}

function varintOctets(value: number): number[] {
  const octets: number[] = [];
  let left = value;
  while (left >= 0x80) {
    octets.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  octets.push(left);
  return octets;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
