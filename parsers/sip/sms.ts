/**
 * Short messages over IMS (3GPP TS 24.341): the body is a relay-layer message (TS 24.011 §7.3) in which
 * the transfer-layer message stands (TS 23.040 §9.2).
 *
 *   RP-DATA   type(1: 0 from, 1 to the mobile) reference(1) originator destination user-data
 *             each of these: length(1) octets
 *   SUBMIT    flags(1) reference(1) destination pid(1) dcs(1) [validity 0, 1 or 7] length(1) text
 *   DELIVER   flags(1) originator pid(1) dcs(1) time(7) length(1) text
 *   address   digits(1) type(1) half-octets
 * Acknowledgements (RP-ACK) make no event; what an RP-ERROR refuses is not known here.
 */

import { SipAnomaly } from './anomalies.ts';
import type { SipFlow } from './sip-flow.ts';
import { addressDigits, gsm7Text, timeStamp, utf16be } from './sms-text.ts';

const SUBMIT = 1;
const DELIVER = 0;
const HEADER_INDICATOR = 0x40;

export interface ShortMessage {
  /** Who it is for (SUBMIT), or from (DELIVER). */
  readonly party: string | undefined;
  readonly submitted: boolean;
  readonly text: string;
  readonly sentAt: string | undefined;
}

export function saySms(
  flow: SipFlow,
  buffer: Uint8Array,
  start: number,
  end: number,
  messageId: string | undefined,
): void {
  const type = buffer[start] ?? 0;
  if (start < end && type > 1) return; // RP-ACK, RP-ERROR, RP-SMMA
  const sms = readRpData(buffer.subarray(start, end));
  if (sms === undefined) flow.anomaly(SipAnomaly.SmsMalformed);
  const event = flow.newEvent('message');
  event.form = 'sms';
  event.messageId = messageId;
  event.text = sms?.text || undefined;
  event.sentAt = sms?.sentAt;
  if (sms?.party !== undefined) {
    if (sms.submitted) event.to = [sms.party];
    else event.from = sms.party;
  }
  flow.say(event);
}

/** Undefined where the octets are no RP-DATA with a SUBMIT or DELIVER. */
export function readRpData(octets: Uint8Array): ShortMessage | undefined {
  let at = 2;
  for (let field = 0; field < 2; field++) at += 1 + (octets[at] ?? 0);
  const length = octets[at] ?? 0;
  at += 1;
  if (length < 4 || at + length > octets.length) return undefined;
  const tpdu = octets.subarray(at, at + length);
  const submitted = octets[0] === 0;
  const flags = tpdu[0] ?? 0;
  if ((flags & 3) !== (submitted ? SUBMIT : DELIVER)) return undefined;
  at = submitted ? 2 : 1;
  const digits = tpdu[at] ?? 0;
  const party = addressDigits(tpdu, at + 1, digits);
  at += 2 + ((digits + 1) >> 1);
  const dcs = tpdu[at + 1] ?? 0;
  at += 2;
  let sentAt: string | undefined;
  if (submitted) {
    const validity = (flags >> 3) & 3;
    at += validity === 0 ? 0 : validity === 2 ? 1 : 7;
  } else {
    sentAt = timeStamp(tpdu, at);
    at += 7;
  }
  if (at >= tpdu.length) return undefined;
  const text = userData(tpdu, at, dcs, (flags & HEADER_INDICATOR) !== 0);
  return { party: party || undefined, submitted, text, sentAt };
}

/** Length in septets or octets, then the text behind a header of its own, if there is one. */
function userData(tpdu: Uint8Array, at: number, dcs: number, hasHeader: boolean): string {
  const length = tpdu[at] ?? 0;
  const from = at + 1;
  const header = hasHeader ? 1 + (tpdu[from] ?? 0) : 0;
  const alphabet = alphabetOf(dcs);
  if (alphabet === 'gsm7') {
    const skipped = Math.ceil((header * 8) / 7);
    return gsm7Text(tpdu, from, skipped, length);
  }
  const end = Math.min(tpdu.length, from + length);
  const start = Math.min(end, from + header);
  if (alphabet === 'ucs2') return utf16be(tpdu, start, end);
  return String.fromCharCode(...tpdu.subarray(start, end));
}

/** TS 23.038 §4: bits 3 and 2 of the general groups; group 1111 has one bit. */
function alphabetOf(dcs: number): 'gsm7' | 'octets' | 'ucs2' {
  const group = dcs >> 4;
  if (group === 0xf) return (dcs & 4) === 0 ? 'gsm7' : 'octets';
  if (group === 0xe) return 'ucs2';
  if (group >= 0x8) return 'gsm7';
  const bits = (dcs >> 2) & 3;
  return bits === 2 ? 'ucs2' : bits === 1 ? 'octets' : 'gsm7';
}
