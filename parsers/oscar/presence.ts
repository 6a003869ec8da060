/**
 * How people are: BUDDY (0003) of others, and what the client tells of itself by OSERVICE (0001) and
 * LOCATE (0002). What is said again and again without change becomes an event once.
 */

import { i32be } from '../../src/bytes/read.ts';
import { sha1Hex } from '../../src/bytes/sha1.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { htmlText } from '../framing/html-text.ts';
import { Anomaly } from './anomalies.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { ownStatusText } from './status-text.ts';
import { stateOfStatus } from './status-words.ts';
import { charsetOfLabel, decodeText, withoutNul } from './text-decoding.ts';

/** Characters of a text that are remembered as they are. */
const TEXT_NOTED = 200;
const OwnTlv = { Status: 0x06, Available: 0x1d } as const;
const Locate = { ProfileType: 0x01, Profile: 0x02, AwayType: 0x03, Away: 0x04 } as const;

/** 03/0B: user info blocks of who is there. */
export function onArrived(flow: OscarFlow): void {
  const { body } = flow.snac;
  while (body.left > 0) {
    const whole = flow.user.read(body);
    const { name, state, status } = flow.user;
    if (name === undefined) return;
    sayNews(flow, name, state, status);
    if (!whole) {
      flow.anomaly(Anomaly.BadTlv);
      return;
    }
  }
}

/** 03/0C: who is gone. Blocks, or names with a warning level and no TLVs. */
export function onDeparted(flow: OscarFlow): void {
  const { body } = flow.snac;
  while (body.left > 0) {
    const whole = flow.user.read(body);
    const { name } = flow.user;
    if (name === undefined) return;
    sayNews(flow, name, 'offline', undefined);
    if (!whole) return;
  }
}

/** 01/1E: TLV 06 status, 1D status text. */
export function onOwnStatus(flow: OscarFlow): void {
  const { body } = flow.snac;
  const { tlvs } = flow;
  tlvs.over(body.buffer, body.at, body.end);
  let state: string | undefined;
  let text: string | undefined;
  while (tlvs.next()) {
    const { type, start, end, length } = tlvs;
    if (type === OwnTlv.Status && length === 4) {
      state = stateOfStatus(i32be(body.buffer, start) & 0xffff);
    } else if (type === OwnTlv.Available) text = ownStatusText(body.buffer, start, end);
  }
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
  const same = state === undefined || state === flow.ownState;
  if (!same || text) sayOwn(flow, state ?? flow.ownState, some(text ?? ''));
}

/** 01/11: u32 seconds; 0 is back. */
export function onIdle(flow: OscarFlow): void {
  const idle = flow.snac.body.u32() > 0;
  if (flow.snac.body.failed || idle === flow.idle) return;
  flow.idle = idle;
  flow.say(own(flow, idle ? 'idle' : (flow.ownState ?? 'available'), undefined));
}

/** 02/04: what others are shown: away text (empty: back), profile. */
export function onOwnInfo(flow: OscarFlow): void {
  const { body } = flow.snac;
  const away = infoText(flow, body.at, Locate.Away, Locate.AwayType);
  // ICQ tells by 01/1E in which way it is away; AIM tells nothing else.
  const state = flow.ownState === 'available' ? undefined : flow.ownState;
  if (away) sayOwn(flow, state ?? 'away', away);
  else if (away === '' && flow.away) sayOwn(flow, state === 'away' ? 'available' : state);
  if (away !== undefined) flow.away = away !== '';
  const profile = infoText(flow, body.at, Locate.Profile, Locate.ProfileType);
  if (profile) sayInfo(flow, own(flow, 'profile', undefined), profile);
}

/** 02/06: a user info block, and the texts of somebody who was asked about. */
export function onInfo(flow: OscarFlow): void {
  const { body } = flow.snac;
  flow.user.read(body);
  const { name, state } = flow.user;
  if (name === undefined) return;
  const at = body.at;
  const away = infoText(flow, at, Locate.Away, Locate.AwayType);
  const awayState = state === 'available' || state === 'idle' ? 'away' : state;
  if (away && isNews(flow, name, awayState, away))
    sayInfo(flow, other(flow, name, awayState), away);
  const profile = infoText(flow, at, Locate.Profile, Locate.ProfileType);
  if (profile && isNews(flow, `${name} profile`, '', profile)) {
    sayInfo(flow, other(flow, name, 'profile'), profile);
  }
}

/** To know it again: of a long text its digest, so that no part of it changes without being said. */
function noted(flow: OscarFlow, state: string, text: string): string {
  return flow.keep(`${state} ${text.length <= TEXT_NOTED ? text : sha1Hex(text)}`);
}

/** Clients say the same again and again. */
function sayOwn(flow: OscarFlow, state = 'available', markup = ''): void {
  const said = noted(flow, state, markup);
  flow.ownState = state;
  if (said === flow.ownSaid) return;
  flow.ownSaid = said;
  sayInfo(flow, own(flow, state, undefined), markup);
}

/** Of somebody else; what was said last is remembered, and no news. */
function isNews(flow: OscarFlow, key: string, state: string, text: string | undefined): boolean {
  const seen = noted(flow, state, text ?? '');
  if (flow.presences.get(key) === seen) return false;
  if (!flow.presences.set(flow.keep(key), seen)) flow.tableFull();
  return true;
}

function sayNews(flow: OscarFlow, name: string, state: string, status: string | undefined): void {
  if (status === undefined && isStill(flow.presences.get(name), state)) return;
  if (!isNews(flow, name, state, status)) return;
  const event = other(flow, name, state);
  event.status = status;
  flow.say(event);
}

/** The same state as before; a text that came in between (02/06) is not taken back by silence. */
function isStill(seen: string | undefined, state: string): boolean {
  return seen?.startsWith(`${state} `) === true;
}

function sayInfo(flow: OscarFlow, event: ImEvent, markup: string): void {
  const text = htmlText(markup);
  event.status = some(text);
  if (text !== markup) event.markup = markup;
  flow.say(event);
}

function own(flow: OscarFlow, state: string | undefined, status: string | undefined): ImEvent {
  const event = flow.newEvent('presence');
  event.from = flow.account;
  event.state = state;
  event.status = status;
  return event;
}

function other(flow: OscarFlow, name: string, state: string): ImEvent {
  const event = flow.newEvent('presence');
  event.from = name;
  event.state = state;
  return event;
}

/** A text and the TLV with its character set. */
function infoText(flow: OscarFlow, from: number, text: number, label: number): string | undefined {
  const { tlvs } = flow;
  const { buffer, end } = flow.snac.body;
  tlvs.over(buffer, from, end);
  const charset = tlvs.find(label) ? charsetOfLabel(buffer, tlvs.start, tlvs.end) : 0;
  if (!tlvs.find(text)) return undefined;
  return withoutNul(decodeText(buffer, tlvs.start, tlvs.end, charset));
}
