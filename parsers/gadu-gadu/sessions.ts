/**
 * Signing in and out (dossier §4). Hashes of the password stand in every login packet: they are passed over.
 *
 *   0x0c, 0x13, 0x15  u32 uin, u32 hash, u32 status at 8, …, description (windows-1250)
 *   0x19, 0x29        u32 uin, u8 hash type, 64 hash, u32 status at 69, …, description from 92
 *   0x31              u32 uin, 2 language, u8 hash type, 64 hash, u32 status at 71, …, u8, u8, from 97:
 *                     u32 length and version, u32 length and description (UTF-8)
 *   0x83              protobuf: 2 uin, 3 hash, 7 client, 8 status, 9 description
 */
import { i32le } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { type Claim, Generation, type GgFlow } from './gg-flow.ts';
import { sayOwnState } from './presence.ts';
import { eitherText, some, textEnd } from './text.ts';
import { uinAt, writtenUin } from './uin.ts';

const FIRST_TEXT_80 = 97;
const HEADER_80 = 105;

export function onLogin(flow: GgFlow, version: string, statusAt: number, head: number): void {
  const { buffer, body, end, size } = flow;
  if (size < head) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  begin(flow, uinAt(buffer, body), version, version === '8' ? Generation.V80 : Generation.Old);
  const start = body + head;
  const text = eitherText(buffer, start, textEnd(buffer, start, end));
  sayOwnState(flow, i32le(buffer, body + statusAt), text);
}

export function onLogin80(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < HEADER_80) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  begin(flow, uinAt(buffer, body), '8', Generation.V80);
  const version = i32le(buffer, body + FIRST_TEXT_80) >>> 0;
  const at = body + FIRST_TEXT_80 + 4 + version;
  let text: string | undefined;
  if (at + 4 > end || at + 4 + (i32le(buffer, at) >>> 0) > end) flow.anomaly(Anomaly.Malformed);
  else {
    const start = at + 4;
    text = eitherText(buffer, start, textEnd(buffer, start, start + (i32le(buffer, at) >>> 0)));
  }
  sayOwnState(flow, i32le(buffer, body + 71), text);
}

export function onLogin105(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  let uin: string | undefined;
  let status = 0;
  let text: string | undefined;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 2) uin = writtenUin(buffer, fields.start, fields.end);
    else if (fields.field === 8) status = fields.value;
    else if (fields.field === 9) text = some(utf8(buffer, fields.start, fields.end));
  }
  if (fields.field === -1) flow.anomaly(Anomaly.Malformed);
  begin(flow, uin, '10.5', Generation.V110);
  sayOwnState(flow, status, text);
}

function begin(
  flow: GgFlow,
  uin: string | undefined,
  version: string,
  generation: Generation,
): void {
  const claim = { uin, version, generation };
  // Until the server accepts it, whoever is signed in goes on speaking for himself.
  if (flow.loggedIn) {
    flow.anomaly(Anomaly.SecondLogin);
    flow.claim = claim;
  } else become(flow, claim);
}

function become(flow: GgFlow, { uin, version, generation }: Claim): void {
  flow.claim = undefined;
  flow.account = uin;
  flow.version = version;
  flow.generation = generation;
  flow.left = false;
}

export function onLoggedIn(flow: GgFlow): void {
  if (flow.claim !== undefined) become(flow, flow.claim);
  else if (flow.loggedIn) return;
  flow.loggedIn = true;
  const event = flow.newEvent('session.login');
  event.from = flow.account;
  event.route = 'service';
  flow.say(event);
}

/** Protobuf: 3 uin, 4 time of the server. */
export function onLoggedIn110(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 3 && fields.value > 0) flow.account ??= String(fields.value);
    else if (fields.field === 4) flow.serverTime = fields.value;
  }
  flow.generation = Generation.V110;
  onLoggedIn(flow);
}

export function onLoginFailed(flow: GgFlow): void {
  const event = flow.newEvent('session.failed');
  event.from = flow.claim === undefined ? flow.account : flow.claim.uin;
  flow.claim = undefined;
  event.route = 'service';
  event.reason = 'login failed';
  flow.say(event);
}

/** Once a session. */
export function sayLogout(flow: GgFlow, reason: string | undefined): void {
  if (flow.left) return;
  flow.left = true;
  flow.loggedIn = false;
  flow.claim = undefined;
  const event = flow.newEvent('session.logout');
  event.from = flow.account;
  event.route = 'service';
  event.reason = reason;
  flow.say(event);
}

/** What takes the place of a refused packet is a ping of its length, all zeros. */
export function onPing(flow: GgFlow): void {
  const { buffer, body, end } = flow;
  for (let i = body; i < end; i++) {
    if (buffer[i] !== 0) {
      flow.anomaly(Anomaly.PingCarries);
      flow.unknown('ping with a payload');
      return;
    }
  }
}
