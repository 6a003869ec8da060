/**
 * ICQ's own envelopes, 15/02 of the client and 15/03 of the server: TLV 0001, little-endian:
 *
 *   u16 length · u32 own number · u16 command · u16 sequence · …
 *   003C, 003E   the client asks for stored messages; has them
 *   0041         u32 sender · u16 year · u8 month · u8 day · u8 hour · u8 minute (UTC) · u8 type ·
 *                u8 flags · u16 length · text       0042 no more of them
 *   07D0, 07DA   u16 subtype · …: directory and settings. 1482 is a text to a telephone.
 */
import { Anomaly } from './anomalies.ts';
import { Cursor } from './cursor.ts';
import { sayIcqMessage } from './icq-message.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { isSms, saySms } from './sms.ts';
import { four } from './snac.ts';
import { calendarText } from './time-text.ts';

const Command = {
  AskStored: 0x003c,
  HaveStored: 0x003e,
  Stored: 0x0041,
  EndOfStored: 0x0042,
  Request: 0x07d0,
  Answer: 0x07da,
} as const;
const SEND_SMS = 0x1482;
const KNOWN: ReadonlySet<number> = new Set<number>(Object.values(Command));

const envelope = new Cursor();

export function onEnvelope(flow: OscarFlow): void {
  const { tlvs } = flow;
  const { body } = flow.snac;
  tlvs.over(body.buffer, body.at, body.end);
  if (!tlvs.find(0x01)) return;
  envelope.over(body.buffer, tlvs.start, tlvs.end);
  open(flow);
  envelope.clear();
}

function open(flow: OscarFlow): void {
  envelope.u16le();
  const number = envelope.u32le();
  const command = envelope.u16le();
  envelope.u16le();
  if (envelope.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  // Picked up in the middle it tells who is there.
  if (flow.account === undefined && number > 0) flow.account = `${number}`;
  if (command === Command.Stored) readStored(flow);
  else if (command === Command.Request && envelope.u16le() === SEND_SMS) readSms(flow);
  else if (!KNOWN.has(command)) {
    const event = flow.newEvent('app.unknown');
    event.reason = `ICQ command ${four(command)}`;
    flow.say(event);
  }
}

function readSms(flow: OscarFlow): void {
  const place = { buffer: envelope.buffer, start: envelope.at, end: envelope.end };
  if (isSms(place)) saySms(flow, place);
  else flow.anomaly(Anomaly.NoText);
}

function readStored(flow: OscarFlow): void {
  const sender = envelope.u32le();
  const year = envelope.u16le();
  const month = envelope.u8();
  const day = envelope.u8();
  const hour = envelope.u8();
  const minute = envelope.u8();
  const type = envelope.u8();
  envelope.u8();
  const length = envelope.u16le();
  if (envelope.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (length > envelope.left) flow.anomaly(Anomaly.BadTlv);
  const { buffer, at } = envelope;
  const end = type === 0x1a ? envelope.end : Math.min(envelope.end, at + length);
  sayIcqMessage(flow, {
    type,
    from: `${sender}`,
    to: flow.account,
    buffer,
    start: at,
    end,
    messageId: undefined,
    sentAt: calendarText(year, month, day, hour, minute),
  });
}
