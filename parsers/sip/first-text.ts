/**
 * The first text of a session, which Office Communicator puts into the INVITE itself:
 *   Ms-Text-Format: text/plain; charset=UTF-8;msgr=…;ms-body=SGVsbG8=
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii } from '../../src/bytes/text.ts';
import { ImBody } from '../framing/im-body.ts';
import type { Dialog } from './dialog.ts';
import type { SipFlow } from './sip-flow.ts';

const TEXT_LIMIT = 16 << 10; // characters of the header

export function sayFirstText(flow: SipFlow, dialog: Dialog): void {
  const { message } = flow;
  const header = message.header('ms-text-format');
  if (header === undefined || header.length > TEXT_LIMIT) return;
  const written = /;\s*ms-body\s*=\s*"?([A-Za-z0-9+/=]+)/i.exec(header)?.[1];
  if (written === undefined) return;
  const octets = decodeBase64(ascii(written), 0, written.length);
  if (octets === undefined) return;
  const body = new ImBody().read(octets, 0, octets.length, {
    type: header.replace(/;\s*ms-body.*/i, ''),
  });
  for (const item of body.items) {
    if (item.kind !== 'text' || item.text === '') continue;
    const event = flow.newEvent('message');
    event.text = item.text;
    event.markup = item.markup;
    event.messageId = dialog.callId || undefined;
    if (dialog.challenged) event.copy = 'echo';
    flow.say(event);
  }
}
