/** A message of any version: its two texts, what is in its attributes, and who says it to whom. */
import type { ImEvent } from '../../src/event/event.ts';
import { rfc3339 } from '../../src/event/time.ts';
import { htmlText } from '../framing/html-text.ts';
import { Anomaly } from './anomalies.ts';
import { type Attributes, type ImageId, NO_ATTRIBUTES } from './attributes.ts';
import type { GgFlow } from './gg-flow.ts';
import { IMAGES_PER_MESSAGE } from './gg-limits.ts';
import { imageEvent } from './images.ts';
import { lines, sameText } from './text.ts';

/** Class bits (dossier §5); the flags of 11 have the first one too. */
const QUEUED = 0x01;
const CTCP = 0x10;
/** A CTCP of this one octet: connect to me (GG 6, direct connections). */
const CALL_BACK = '\u0002';
/** How markup of 10 and 11 names an inline image: CRC and size. */
const IMAGE = /<img\s/gi;
const NAME = /\sname\s*=\s*["']?([0-9a-f]{16})(?![0-9a-z])/i;

export interface Saying {
  /** The other party; undefined for the network itself, and in rooms for oneself. */
  readonly peer: string | undefined;
  readonly room?: string | undefined;
  readonly markup?: string | undefined;
  readonly plain: string | undefined;
  readonly seq: number;
  readonly flags: number;
  /** Seconds since 1970; 0 where it does not say. */
  readonly time: number;
  readonly attributes?: Attributes;
  /** Said by the account itself, from another place. */
  readonly own?: boolean;
  /** Where the plain text stands as it is, or -1. */
  readonly textStart?: number;
  readonly textEnd?: number;
}

export function sayMessage(flow: GgFlow, saying: Saying): void {
  const { attributes = NO_ATTRIBUTES, peer, time } = saying;
  if (time > 0) flow.serverTime = time;
  const text = textOf(flow, saying);
  if (text !== undefined) sayText(flow, saying, text);
  const images = imagesOf(saying.markup, attributes.images);
  for (const id of images)
    flow.say(addressed(flow, imageEvent(flow, 'file.offer', peer, id), saying));
  const { wanted, part, unknown } = attributes;
  if (wanted !== undefined) flow.say(imageEvent(flow, 'file.accept', peer, wanted));
  if (part !== undefined) flow.images.take(flow, peer, part);
  if (unknown !== undefined)
    flow.unknown(`message attribute 0x${unknown.toString(16).padStart(2, '0')}`);
}

/** The text of the markup; where the plain text says something else, both. */
function textOf(flow: GgFlow, { markup, plain }: Saying): string | undefined {
  if (markup === undefined) return lines(plain);
  const shown = lines(htmlText(markup)) ?? '';
  if (plain === undefined || sameText(shown, plain)) return shown === '' ? undefined : shown;
  flow.anomaly(Anomaly.TextsDiffer);
  return shown === '' ? lines(plain) : `${shown}\n${lines(plain)}`;
}

function sayText(flow: GgFlow, saying: Saying, text: string): void {
  const { peer, seq, flags, time, markup, textStart = -1, textEnd = -1 } = saying;
  if ((flags & CTCP) !== 0 && text === CALL_BACK) {
    const call = flow.between('file.offer', peer);
    call.file = { method: 'gg' };
    flow.say(call);
    return;
  }
  const event = addressed(flow, flow.between('message', peer), saying);
  event.messageId = String(seq);
  event.text = text;
  if (markup !== undefined && markup !== text) event.markup = markup;
  if ((flags & CTCP) !== 0) event.form = 'ctcp';
  if ((flags & QUEUED) !== 0 && time > 0)
    event.sentAt = rfc3339(time * 1e6).replace('.000000Z', 'Z');
  flow.say(event, textStart, textEnd);
}

/** Rooms, conferences, and what one said oneself elsewhere. */
function addressed(flow: GgFlow, event: ImEvent, saying: Saying): ImEvent {
  const { peer, room, own, attributes = NO_ATTRIBUTES } = saying;
  if (own === true) {
    event.from = flow.account;
    event.to = peer === undefined ? undefined : [peer];
    event.copy = 'carbon';
  }
  if (room !== undefined) {
    event.room = room;
    event.route = 'room';
    event.to = undefined;
    if (flow.toServer) event.from = flow.account;
  } else if (attributes.conference.length > 0) {
    event.thread = conferenceOf(flow, peer, attributes.conference);
  }
  return event;
}

/** A conference has no name of its own: it is everybody in it. */
function conferenceOf(flow: GgFlow, peer: string | undefined, others: readonly string[]): string {
  const all = new Set(others);
  if (peer !== undefined) all.add(peer);
  if (flow.account !== undefined) all.add(flow.account);
  return [...all].sort((a, b) => Number(a) - Number(b)).join(',');
}

function imagesOf(markup: string | undefined, images: readonly ImageId[]): readonly ImageId[] {
  if (markup === undefined || !markup.includes('<')) return images;
  const found = new Map(images.map((id) => [id.token, id]));
  IMAGE.lastIndex = 0;
  while (found.size < IMAGES_PER_MESSAGE && IMAGE.test(markup)) {
    const end = markup.indexOf('>', IMAGE.lastIndex);
    if (end === -1) break;
    const token = NAME.exec(markup.slice(IMAGE.lastIndex - 1, end))?.[1]?.toLowerCase();
    IMAGE.lastIndex = end;
    if (token !== undefined && !found.has(token))
      found.set(token, { token, size: Number.parseInt(token.slice(8), 16) });
  }
  return [...found.values()];
}
