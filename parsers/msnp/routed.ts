/**
 * SDG (MSNP18 for circles, MSNP21 for all): `SDG t len`, from the server `SDG 0 len`. Three blocks of
 * headers, each ended by an empty line, and a body (dossier msnp.md §5):
 *   Routing: 1.0 / To: 1:bob@x[;epid={…}|;path=IM] / From: 1:ann@x;epid={…}
 *   Reliability: 1.0 / Stream / Segment
 *   Messaging: 2.0 / Message-Type: Text | Nudge | Control/Typing | Data / Content-Type / Content-Length
 * Network 9 is a circle: a room. A message whose sender is the account itself was written elsewhere.
 */
import { find } from '../../src/bytes/find.ts';
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { HeaderBlock } from '../framing/header-block.ts';
import { Anomaly } from './anomalies.ts';
import { readContent } from './content.ts';
import { type MsnpFlow, person, Role, some } from './msnp-flow.ts';
import { Form } from './neutral.ts';
import { type Speech, spoken } from './speech.ts';
import { isRegular } from './two-readings.ts';

const LF = 0x0a;

export function onSdg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  const { buffer, payloadStart, end } = command;
  if (end === payloadStart) return;
  const routing = new HeaderBlock();
  const second = routing.read(buffer, payloadStart, end);
  const speech = speechOf(flow, routing);
  const third = second === -1 ? -1 : new HeaderBlock().read(buffer, second, end);
  const { headers } = flow;
  if (third === -1) {
    flow.anomaly(Anomaly.BadHeaders);
    flow.unknown('SDG');
    return;
  }
  // The routing stays; what it carries becomes a type that nobody shows.
  const line = find(buffer, LF, third, end);
  flow.form = Form.Routed;
  flow.head = (line === -1 ? third : line + 1) - command.start;
  const body = headers.read(buffer, third, end);
  if (!isRegular(buffer, payloadStart, body === -1 ? end : body)) {
    // Where the blocks end is not the same for everybody.
    flow.anomaly(Anomaly.TwoReadings);
    flow.unknown('SDG', utf8OrWindows1252(buffer, payloadStart, end));
  }
  const type = (headers.value('message-type') ?? '').toLowerCase();
  if (type === 'nudge') {
    const event = spoken(flow, speech, 'message');
    event.form = 'nudge';
    flow.say(event);
  } else if (type === 'control/typing') {
    const event = spoken(flow, speech, 'typing');
    event.state = 'composing';
    flow.say(event);
  } else if (!/^(?:signal|control)\//.test(type)) readBody(flow, speech, third, type);
}

/** Text, data, emoticons: what it is stands in Content-Type, as in a MSG. */
function readBody(flow: MsnpFlow, speech: Speech, third: number, type: string): void {
  const { command, headers } = flow;
  if (headers.range('content-type') !== undefined) {
    readContent(flow, speech, command.buffer, third, command.end);
  } else flow.unknown(`SDG ${type.slice(0, 40)}`.trimEnd());
}

function speechOf(flow: MsnpFlow, routing: HeaderBlock): Speech {
  const to = routing.value('to') ?? '';
  const sender = person(routing.value('from') ?? '');
  routing.clear();
  const from = flow.toServer ? (flow.account ?? sender) : sender;
  if (flow.toServer && sender !== undefined) flow.learnAccount(sender);
  const recipient = person(to);
  if (/^9:/.test(to)) return { from, to: undefined, room: recipient, copy: undefined, sms: false };
  const own = !flow.toServer && sender !== undefined && flow.isOwn(sender);
  const copy = own ? 'carbon' : undefined;
  const sms = /^4:/.test(to) || /^tel:/i.test(recipient ?? '');
  return { from, to: some(recipient) ? [recipient ?? ''] : undefined, room: undefined, copy, sms };
}
