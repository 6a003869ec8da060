/** OSERVICE (family 0001): which connection this is, who is on it, and cookies for further ones. */
import { ownCopy } from '../../src/bytes/text.ts';
import { introduce } from './account-memory.ts';
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { roomOf } from './room-name.ts';
import { sayLogin } from './signing-in.ts';

const Family = { Icbm: 0x04, Chat: 0x0e } as const;
const COOKIE = 0x06;
const ROOM = 0x01;

/** 01/03, the server's families: u16 each. Only a pager has messages. */
export function onHostOnline(flow: OscarFlow): void {
  const { body } = flow.snac;
  let purpose: OscarFlow['purpose'] = 'service';
  while (body.left >= 2) {
    const family = body.u16();
    if (family === Family.Icbm) purpose = 'pager';
    else if (family === Family.Chat && purpose !== 'pager') purpose = 'chat';
  }
  flow.purpose = purpose;
  if (purpose === 'pager' && flow.introduced) flow.signedIn = true;
}

/** 01/0F, self info: a user info block of the account. */
export function onSelfInfo(flow: OscarFlow): void {
  const whole = flow.user.read(flow.snac.body);
  const { name } = flow.user;
  if (name === undefined) return;
  if (!whole) flow.anomaly(Anomaly.BadTlv);
  if (flow.introduced && flow.account !== undefined && name !== flow.account) {
    flow.anomaly(Anomaly.OtherAccount);
  }
  flow.account = flow.account === name ? flow.account : ownCopy(name);
  if (flow.purpose !== 'pager' || flow.signedIn) return;
  flow.signedIn = true;
  sayLogin(flow);
}

/** 01/04, a further service: u16 family; for rooms TLV 01: u16 exchange · u8 length · room · u16. */
export function onServiceRequest(flow: OscarFlow): void {
  const { snac, tlvs } = flow;
  const { body } = snac;
  if (body.u16() !== Family.Chat) return;
  tlvs.over(body.buffer, body.at, body.end);
  if (!tlvs.find(ROOM)) return;
  body.over(body.buffer, tlvs.start, tlvs.end);
  body.u16();
  const room = roomOf(body);
  if (room !== undefined && !flow.requests.set(snac.request, { room: flow.keep(room) })) {
    flow.tableFull();
  }
}

/** 01/05 and 01/12: where the service is, and the cookie to show there. */
export function onServiceGranted(flow: OscarFlow): void {
  const { snac, tlvs, account } = flow;
  const { body } = snac;
  const room = flow.requests.take(snac.request)?.room;
  tlvs.over(body.buffer, body.at, body.end);
  if (account === undefined || !tlvs.find(COOKIE)) return;
  const cookie = body.buffer.subarray(tlvs.start, tlvs.end);
  introduce(flow.context.memory, cookie, { account, room });
}

/** 01/12, the server moves: u16 number of families · families · TLVs. */
export function onMigration(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.skip(2 * body.u16());
  onServiceGranted(flow);
}
