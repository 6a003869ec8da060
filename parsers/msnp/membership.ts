/**
 * ADL and RML (MSNP13 and later): contacts as XML, several in one command.
 *   <ml l="1"><d n="example.com"><c n="ann" l="3" t="1" f="Ann"/></d><t><c n="tel:…" l="3"/></t></ml>
 * `l="1"` on the list: the first one after signing in. The address is c@d; `l` has the bits of the lists.
 */
import { utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { List, sayChange, sayEntry } from './contact-events.ts';
import { canonical, unescaped } from './escapes.ts';
import { kept, type MsnpFlow, Role, some } from './msnp-flow.ts';
import { ENTRIES_LIMIT } from './msnp-limits.ts';
import { Form } from './neutral.ts';
import { attribute, tagsOf } from './xml.ts';

const BITS = [List.Forward, List.Allow, List.Block, List.Reverse, List.Pending];
const ENCODER = new TextEncoder();

export function onAdl(flow: MsnpFlow): void {
  onList(flow, true);
}

export function onRml(flow: MsnpFlow): void {
  onList(flow, false);
}

function onList(flow: MsnpFlow, adds: boolean): void {
  const { command } = flow;
  flow.become(Role.Notification);
  // `ADL 7 OK`.
  if (command.end === command.payloadStart || (!flow.toServer && command.transaction !== undefined))
    return;
  flow.form = Form.EmptyList;
  flow.head = command.payloadStart - command.start;
  let initial = false;
  let domain = '';
  let entries = 0;
  let isList = false;
  for (const tag of tagsOf(utf8(command.buffer, command.payloadStart, command.end))) {
    if (tag.name === 'ml' && !tag.end) {
      isList = true;
      initial = adds && flow.toServer && attribute(tag.attributes, 'l') === '1';
    } else if (tag.name === 'd') {
      // Said again for every contact in it.
      domain = tag.end ? '' : kept(attribute(tag.attributes, 'n') ?? '');
    } else if (tag.name === 'c' && !tag.end) {
      if (++entries > ENTRIES_LIMIT) break;
      sayContact(flow, tag.attributes, domain, adds, initial);
    }
  }
  if (entries > ENTRIES_LIMIT) flow.tableFull();
  if (!isList) {
    flow.anomaly(Anomaly.BadXml);
    flow.unknown(adds ? 'ADL' : 'RML');
  }
}

function sayContact(
  flow: MsnpFlow,
  attributes: string,
  domain: string,
  adds: boolean,
  initial: boolean,
): void {
  const user = attribute(attributes, 'n') ?? '';
  const address = canonical(domain === '' ? user : `${user}@${domain}`);
  const bits = Number(attribute(attributes, 'l') ?? 0) & 31;
  const friendly = attribute(attributes, 'f');
  const name = friendly === undefined ? undefined : some(percentText(friendly));
  if (initial) {
    sayEntry(flow, bits, address, name ?? '', undefined);
    return;
  }
  for (const bit of BITS) {
    if ((bits & bit) !== 0) sayChange(flow, adds, bit, { address, name, groups: undefined });
  }
}

function percentText(text: string): string {
  if (!text.includes('%')) return text;
  const octets = ENCODER.encode(text);
  return unescaped(octets, 0, octets.length);
}
