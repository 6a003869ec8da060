/** The contact list that the server sends at sign-in: 0x55 (old) and 0xF1 (YMSG 15 and later). */
import { Anomaly } from './anomalies.ts';
import { HeaderStatus } from './services.ts';
import { grant, learnIdentities } from './session.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

/** Markers of 0xF1: keys 300 and 302 open, 301 and 303 close what they name. */
const GROUP = 318;
const IGNORED = 320;

/** Key 87 `Group:a,b\n…`, 88 the ignore list `a,b`; both are cut anywhere over packets. */
export function onList(flow: YmsgFlow): void {
  if (flow.toServer) return;
  learnIdentities(flow);
  grant(flow);
  const { pairs } = flow;
  const last = flow.packet.status !== HeaderStatus.Continued;
  let whole = true;
  for (const key of [87, 88] as const) {
    const list = key === 87 ? 'roster' : 'block';
    const tail = key === 87 ? flow.buddyTail : flow.ignoreTail;
    let part = '';
    for (let i = pairs.find(key); i !== -1; i = pairs.find(key, i + 1)) part += pairs.at(i) ?? '';
    whole = tail.read(part, key === 87, last, (id, group) => entry(flow, list, id, group)) && whole;
  }
  if (!whole) flow.anomaly(Anomaly.ListTooLong);
}

export function onList15(flow: YmsgFlow): void {
  if (flow.toServer) return;
  grant(flow);
  const { pairs } = flow;
  for (let i = 0; i < pairs.size; i++) {
    switch (pairs.key(i)) {
      case 65:
        flow.group = boundedName(pairs.at(i));
        break;
      case 7:
        entry(flow, flow.ignored ? 'block' : 'roster', pairs.at(i), flow.group);
        break;
      case 300:
      case 302:
        if (pairs.numberAt(i) === IGNORED) flow.ignored = true;
        break;
      case 301:
      case 303:
        if (pairs.numberAt(i) === IGNORED) flow.ignored = false;
        else if (pairs.numberAt(i) === GROUP) flow.group = undefined;
        break;
      default:
    }
  }
}

function entry(
  flow: YmsgFlow,
  list: 'roster' | 'block',
  written: string | undefined,
  group: string | undefined,
): void {
  const contact = canonicalId(written);
  if (contact === undefined) return;
  if (list === 'roster') flow.contacts.add(contact);
  const event = flow.newEvent('contact.list');
  event.contact = contact;
  event.list = list;
  if (list === 'roster' && group !== undefined && group !== '') event.groups = [group];
  flow.say(event);
}
