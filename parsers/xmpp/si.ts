/**
 * File offers by stream initiation (XEP-0095, XEP-0096): iq set `si` with the file and the stream
 * methods; the answer names one method, or refuses.
 */
import type { TransferMethod } from '../../src/event/event.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { sayFile } from './file-events.ts';
import { fileSize } from './file-size.ts';
import { IqRequestKind } from './iq-requests.ts';
import { Ns } from './namespaces.ts';
import { expectAnswer } from './pending-iq.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { errorCondition } from './stanza-error.ts';
import { newTransfer } from './transfers.ts';
import { reportUnknownNamed } from './unknown.ts';

export function readSiOffer(session: XmppSession, stanza: Stanza, si: XmlElement): void {
  const file = si.child('file', Ns.SiFile);
  if (file === undefined) {
    reportUnknownNamed(session, stanza, si.attribute('profile') || Ns.Si);
    return;
  }
  const sid = si.attribute('id') || stanza.id || '';
  const transfer = newTransfer(stanza, {
    token: sid,
    name: file.attribute('name'),
    size: fileSize(session, stanza, file.attribute('size')),
    mime: si.attribute('mime-type'),
    method: methodOf(streamMethods(si)),
  });
  session.transfers.put(stanza, sid, transfer);
  expectAnswer(session, stanza, IqRequestKind.SiOffer, `${stanza.partyKey} ${sid}`);
  sayFile(session, stanza, 'file.offer', transfer, undefined, file.childText('desc'));
}

export function siAnswered(session: XmppSession, stanza: Stanza, key: string): void {
  const transfer = session.transfers.byKey(key);
  if (transfer === undefined) return;
  if (stanza.type === 'error') {
    transfer.ended = true;
    sayFile(session, stanza, 'file.decline', transfer, errorCondition(stanza.element));
    return;
  }
  const si = stanza.element.child('si', Ns.Si);
  const offset = si?.child('file', Ns.SiFile)?.child('range')?.attribute('offset');
  const chosen = si === undefined ? [] : streamMethods(si);
  transfer.method = methodOf(chosen) ?? transfer.method;
  transfer.offset = fileSize(session, stanza, offset) ?? 0;
  transfer.accepted = true;
  sayFile(session, stanza, 'file.accept', transfer);
}

/** Values of the `stream-method` field: offered ones, or the chosen one. */
function streamMethods(si: XmlElement): string[] {
  const form = si.child('feature', Ns.FeatureNegotiation)?.child('x', Ns.DataForm);
  const field = form?.children.find((c) => c.attribute('var') === 'stream-method');
  const methods: string[] = [];
  for (const c of field?.children ?? []) {
    const value = (c.name === 'option' ? c.child('value') : c)?.text().trim();
    if (value && methods.length < 16) methods.push(value);
  }
  return methods;
}

/** The first method known here. */
function methodOf(methods: readonly string[]): TransferMethod | undefined {
  for (const method of methods) {
    if (method === Ns.Bytestreams) return 'socks5';
    if (method === Ns.Ibb) return 'ibb';
    if (method === Ns.IqOob) return 'oob';
  }
  return undefined;
}
