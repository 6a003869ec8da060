/** The value of each field in an event. */
import type { FieldName } from '../fields.ts';
import { type EventView, extensionOf } from './event-view.ts';
import type { Values } from './parties.ts';

export type TextOf = (view: EventView) => Values;

const file = (view: EventView) => view.event.file;

const TEXTS: Partial<Readonly<Record<FieldName, TextOf>>> = {
  service: ({ event }) => event.service,
  protocol: ({ event }) => event.protocol,
  visibility: ({ event }) => event.visibility,
  origin: ({ event }) => event.origin,
  boundary: (view) => view.boundary,
  account: ({ event }) => event.account,
  peer: (view) => view.peers,
  from: (view) => view.sender,
  to: ({ event }) => event.to,
  contact: ({ event }) => event.contact,
  user: (view) => view.person?.name,
  'user.group': (view) => view.person?.groups,
  'user.department': (view) => view.person?.department,
  'contact.known': (view) => (view.contactKnown === true ? 'known' : undefined),
  room: ({ event }) => event.room,
  'room.members': (view) => {
    const members = view.roomMembers;
    return members === undefined ? undefined : [...members];
  },
  route: ({ event }) => event.route,
  text: (view) => view.texts,
  subject: ({ event }) => event.subject,
  status: ({ event }) => event.status,
  state: ({ event }) => event.state,
  list: ({ event }) => event.list,
  'file.name': (view) => file(view)?.name,
  'file.extension': (view) => extensionOf(file(view)?.name),
  'file.mime': (view) => file(view)?.mime,
  'file.sha256': (view) => file(view)?.sha256,
  'file.purpose': (view) => file(view)?.purpose,
  'file.url': (view) => file(view)?.url,
  'call.media': ({ event }) => event.call?.media,
  form: ({ event }) => event.form,
  copy: ({ event }) => event.copy,
  encrypted: ({ event }) => event.encrypted,
  anomaly: ({ event }) =>
    event.kind === 'flow.anomaly' && event.reason !== undefined ? event.reason : event.anomalies,
  reason: ({ event }) => event.reason,
  'flow.transport': ({ event }) => event.flow?.transport,
  activity: ({ event }) => event.activity,
  evidence: ({ event }) => event.evidence,
  confidence: ({ event }) => event.confidence,
  host: ({ event }) => event.host,
  'tls.sni': ({ event }) => event.tls?.sni,
  'tls.alpn': ({ event }) => event.tls?.alpn,
  'tls.version': ({ event }) => event.tls?.version,
  'tls.ja3': ({ event }) => event.tls?.ja3,
  'tls.ja4': ({ event }) => event.tls?.ja4,
  'tls.ech': ({ event }) => (event.tls?.ech === true ? 'there' : undefined),
};

/** How to read the text of a field. */
export function textOf(field: FieldName): TextOf {
  return TEXTS[field] ?? none;
}

const none = () => undefined;

/** Whether one of the values passes. */
export function someText(values: Values, test: (text: string) => boolean): boolean {
  if (values === undefined) return false;
  return typeof values === 'string' ? test(values) : values.some(test);
}

/** The number in a field, or undefined. */
export function numberOf(field: FieldName, view: EventView): number | undefined {
  switch (field) {
    case 'text.length':
      return view.event.text === undefined ? undefined : characters(view.event.text);
    case 'file.size':
      return view.event.file?.size;
    case 'flow.port':
      return view.endpoints.port;
    case 'vlan':
      return view.event.flow?.vlan;
    case 'room.members':
      return view.roomMembers?.size;
    default:
      return undefined;
  }
}

/** Code points. */
function characters(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0xdc00 && c < 0xe000 && i > 0 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) n--;
  }
  return n;
}
