/**
 * Messages (family 0004):
 *
 *   04/06, of the client   8 cookie · u16 channel · u8 length · screen name · TLVs
 *   04/07, of others       8 cookie · u16 channel · user info block · TLVs
 *
 * Channel 1: TLV 02 text, 04 written by a machine, 06 kept while the receiver was away, 16 its time.
 * Channel 2: TLV 05 rendezvous. Channel 4: TLV 05 a message of old ICQ.
 */
import { i32be } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import { Fragments } from './fragments.ts';
import { readIcqChannel } from './icq-channel.ts';
import { onInvitation } from './invitations.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { onRelay, RELAY } from './relay.ts';
import type { RendezvousPart } from './rendezvous-host.ts';
import { isMarkup, sayText } from './say-text.ts';
import { timeText } from './time-text.ts';

const Channel = { Text: 1, Rendezvous: 2, Icq: 4 } as const;
const Tlv = { Text: 0x02, AutoReply: 0x04, Block: 0x05, Stored: 0x06, Time: 0x16 } as const;
/** Where the capability stands in TLV 05, and how long the block is up to its TLVs. */
const CAPABILITY = 10;
const BLOCK_HEAD = 26;

/** A message under the hand. */
export interface Letter {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Lower-case hex. */
  readonly cookie: string;
}

const fragments = new Fragments();

export function onMessage(flow: OscarFlow): void {
  const { body, request } = flow.snac;
  const cookie = body.hex(8);
  const channel = body.u16();
  const other = readParty(flow);
  if (body.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (flow.toServer && !flow.requests.set(request, { peer: other, cookie })) flow.tableFull();
  const [from, to] = flow.toServer ? [flow.account, other] : [other, flow.account];
  const letter = { from, to, cookie };
  flow.tlvs.over(body.buffer, body.at, body.end);
  nameOddTlvs(flow, channel === Channel.Text ? Tlv.Text : Tlv.Block);
  if (channel === Channel.Text) onText(flow, letter);
  else if (channel === Channel.Rendezvous) onRendezvous(flow, letter);
  else if (channel === Channel.Icq) onIcq(flow, letter);
  else {
    const event = flow.between('app.unknown', other);
    event.reason = `ICBM channel ${channel}`;
    flow.say(event);
  }
}

function readParty(flow: OscarFlow): string | undefined {
  const { body } = flow.snac;
  if (flow.toServer) return body.name();
  if (!flow.user.read(body)) flow.anomaly(Anomaly.BadTlv);
  return flow.user.name;
}

/** TLVs beyond the message, and what stands twice. */
function nameOddTlvs(flow: OscarFlow, wanted: number): void {
  const { tlvs } = flow;
  let seen = 0;
  while (tlvs.next()) if (tlvs.type === wanted) seen += 1;
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
  if (seen > 1) flow.anomaly(Anomaly.RepeatedTlv);
}

function onText(flow: OscarFlow, { from, to, cookie }: Letter): void {
  const { tlvs } = flow;
  const { buffer } = flow.snac.body;
  if (!tlvs.find(Tlv.Text)) {
    flow.anomaly(Anomaly.NoText);
    return;
  }
  fragments.read(flow, buffer, tlvs.start, tlvs.end);
  const { text, lines, start, end } = fragments;
  if (text === undefined) {
    flow.anomaly(Anomaly.NoText);
    return;
  }
  const event = flow.newEvent('message');
  event.from = from;
  event.to = to === undefined ? undefined : [to];
  event.route = 'direct';
  event.messageId = cookie;
  if (tlvs.find(Tlv.AutoReply)) event.form = 'auto-reply';
  else if (isTelephone(from) || isTelephone(to)) event.form = 'sms';
  if (!flow.toServer && tlvs.find(Tlv.Stored) && tlvs.find(Tlv.Time) && tlvs.length === 4) {
    event.sentAt = timeText(i32be(buffer, tlvs.start) >>> 0);
  }
  event.markup = otherTexts(flow, lines);
  sayText(flow, event, text, isMarkup(text, from, to), start, end);
}

/** Texts behind the first one: no client shows two, and which one it shows is not certain. */
function otherTexts(flow: OscarFlow, lines: string | undefined): string | undefined {
  const { tlvs } = flow;
  let texts = lines;
  if (!tlvs.find(Tlv.Text)) return texts;
  while (tlvs.next()) {
    if (tlvs.type !== Tlv.Text) continue;
    fragments.read(flow, flow.snac.body.buffer, tlvs.start, tlvs.end);
    const text = fragments.lines ?? fragments.text;
    if (text !== undefined) texts = texts === undefined ? text : `${texts}\n${text}`;
  }
  return texts;
}

function onRendezvous(flow: OscarFlow, letter: Letter): void {
  const { tlvs } = flow;
  const { buffer } = flow.snac.body;
  const found = tlvs.find(Tlv.Block);
  const part: RendezvousPart = {
    buffer,
    start: found ? tlvs.start : 0,
    end: found ? tlvs.end : 0,
    fromClient: flow.toServer,
    sender: letter.from,
    recipient: letter.to,
    cookie: letter.cookie,
  };
  flow.part = part;
  readRendezvous(flow, part);
  flow.part = undefined;
}

function readRendezvous(flow: OscarFlow, part: RendezvousPart): void {
  if (flow.rendezvous.part(part)) return;
  // A block without its head is the rendezvous reader's: it was read there.
  if (part.end - part.start < BLOCK_HEAD) return;
  const capability = part.start + CAPABILITY;
  if (RELAY.every((octet, i) => part.buffer[capability + i] === octet)) onRelay(flow, part);
  else onInvitation(flow, part);
}

function onIcq(flow: OscarFlow, letter: Letter): void {
  const { tlvs } = flow;
  if (!tlvs.find(Tlv.Block)) {
    flow.anomaly(Anomaly.NoText);
    return;
  }
  readIcqChannel(flow, letter, tlvs.start, tlvs.end);
}

/** AIM writes to telephones as to contacts: `+12125550100`. */
function isTelephone(party: string | undefined): boolean {
  return party !== undefined && /^\+\d+$/.test(party);
}
