/**
 * What becomes of messages: 04/01 errors, 04/0A messages that did not come through, 04/0B refusals and
 * answers of the other client. The server's own word that it took a message (04/0C) makes no event.
 *
 *   04/01  u16 code (of the request with the same number)
 *   04/0A  u16 channel · user info block · u16 count · u16 reason, again and again
 *   04/0B  8 cookie · u16 channel · u8 length · screen name · u16 reason · data
 */
import { u16be } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { readRelayed } from './relay.ts';
import { four } from './snac.ts';

const RENDEZVOUS = 2;
/** 04/0B: the reason is in the data. */
const SEE_DATA = 3;

/** Dossier §5; libpurple oscar.c msgerrreason. */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'invalid request',
  2: 'rate limit of the server',
  3: 'rate limit of the client',
  4: 'not signed in',
  5: 'service unavailable',
  6: 'service not defined',
  7: 'obsolete request',
  8: 'not supported by the server',
  9: 'not supported by the client',
  10: 'refused by the client',
  11: 'reply too big',
  12: 'responses lost',
  13: 'request denied',
  14: 'malformed request',
  15: 'insufficient rights',
  16: 'blocked',
  17: 'warning level of the sender too high',
  18: 'warning level of the receiver too high',
  19: 'user temporarily unavailable',
};
const MISSED: Readonly<Record<number, string>> = {
  0: 'invalid message',
  1: 'message too large',
  2: 'rate limit',
  3: 'warning level of the sender too high',
  4: 'warning level of the receiver too high',
};
const REFUSALS: Readonly<Record<number, string>> = {
  0: 'channel not supported',
  1: 'busy',
  2: 'denied',
};

export function onError(flow: OscarFlow): void {
  const { snac } = flow;
  const request = flow.requests.take(snac.request);
  const code = snac.body.u16();
  if (request?.cookie === undefined || snac.body.failed) return;
  const event = flow.between('message.receipt', request.peer);
  event.refersTo = request.cookie;
  event.state = 'failed';
  event.reason = ERRORS[code] ?? `code ${four(code)}`;
  flow.say(event);
}

export function onMissed(flow: OscarFlow): void {
  const { body } = flow.snac;
  while (body.left > 0) {
    body.u16();
    flow.user.read(body);
    const { name } = flow.user;
    const count = body.u16();
    const reason = body.u16();
    if (body.failed || name === undefined) return;
    const event = flow.between('message.receipt', name);
    event.state = 'missed';
    event.status = `${count}`;
    event.reason = MISSED[reason] ?? `code ${four(reason)}`;
    flow.say(event);
  }
}

export function onClientError(flow: OscarFlow): void {
  const { body } = flow.snac;
  const cookie = body.hex(8);
  const channel = body.u16();
  const other = body.name();
  const start = body.at;
  const word = body.u16();
  if (body.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const { buffer, end } = body;
  // libpurple writes a TLV 0003 with the code instead (dossier §5).
  const asTlv = word === 3 && body.left === 4 && u16be(buffer, start + 2) === 2;
  const code = asTlv ? u16be(buffer, start + 4) : word;
  const [from, to] = flow.toServer ? [flow.account, other] : [other, flow.account];
  if (channel === RENDEZVOUS) {
    if (!asTlv && word === SEE_DATA && body.left > 2) {
      readRelayed(flow, body, { from, to, cookie }, true);
      return;
    }
    const fromClient = flow.toServer;
    const part = { buffer, start, end, fromClient, sender: from, recipient: to, cookie };
    if (flow.rendezvous.refused(part, code)) return;
  }
  const event = flow.between('message.receipt', other);
  event.refersTo = cookie;
  event.state = 'failed';
  event.reason = REFUSALS[code] ?? `code ${four(code)}`;
  flow.say(event);
}
