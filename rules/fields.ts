/**
 * The conditions of the language: one line each. Schema, reference, checks and the compiler all
 * read this table.
 */
import {
  ACTIVITIES,
  CONFIDENCES,
  EVIDENCE,
  FILE_PURPOSES,
  MESSAGE_FORMS,
} from '../src/event/event.ts';
import type { EventKind } from '../src/event/kinds.ts';
import { kindsOfAll } from './policy/kinds.ts';

/**
 * text: free text; name: a short string; identity: `service:account`; choice: one of `values`;
 * extension: of a file name; number; address: matched by CIDR; schedule; flag: true or false;
 * presence: true, false or a string; members: a number, or identities.
 */
export type FieldType =
  | 'text'
  | 'name'
  | 'identity'
  | 'choice'
  | 'extension'
  | 'number'
  | 'address'
  | 'schedule'
  | 'flag'
  | 'presence'
  | 'members';

export interface Field {
  readonly type: FieldType;
  readonly doc: string;
  /** The kinds of event that may carry it. */
  readonly kinds: ReadonlySet<EventKind>;
  readonly values?: readonly string[];
  /** Seen only where the conversation can be read. */
  readonly content: boolean;
  /** Guess of how many events carry one given value; the index prefers the rarest. */
  readonly share: number;
}

const PARTY = [
  'presence',
  'contact.*',
  'message',
  'message.*',
  'typing',
  'room.invite',
  'room.decline',
  'room.kick',
  'room.topic',
  'file.*',
  'call.*',
];
const TALK = ['message', 'message.*'];
const ANY = ['*'];
const UNITS = ['session.*', 'room.*', 'app.unknown', ...PARTY];

function field(
  type: FieldType,
  kinds: readonly string[],
  doc: string,
  more: { values?: readonly string[]; content?: boolean; share?: number } = {},
): Field {
  const { values, content = true, share = 0.001 } = more;
  const base = { type, doc, kinds: new Set(kindsOfAll(kinds)), content, share };
  return values === undefined ? base : { ...base, values };
}

const METADATA = { content: false };

export const FIELDS = {
  service: field('name', ANY, 'who runs the network: xmpp, irc, msn, yahoo, …', {
    content: false,
    share: 0.3,
  }),
  protocol: field('name', ANY, 'what is on the wire: xmpp, irc, dcc-send, tls, …', {
    content: false,
    share: 0.3,
  }),
  visibility: field('choice', ANY, 'how much of it can be read', {
    values: ['content', 'metadata', 'opaque'],
    content: false,
    share: 0.6,
  }),
  origin: field('choice', UNITS, 'which side sent it: our client or the server', {
    values: ['client', 'server'],
    share: 0.5,
  }),
  boundary: field('choice', PARTY, 'whether the other party is one of ours', {
    values: ['internal', 'external'],
    share: 0.5,
  }),
  account: field('identity', ANY, 'the identity logged in on our side'),
  peer: field('identity', PARTY, 'the other party, whichever way it goes'),
  from: field('identity', UNITS, 'the sender'),
  to: field('identity', UNITS, 'the recipients; any of them'),
  contact: field('identity', ['contact.*', 'presence'], 'the contact spoken of'),
  user: field('name', ANY, 'the person behind the account, by name', { share: 0.01 }),
  'user.group': field('name', ANY, "the person's groups", { share: 0.1 }),
  'user.department': field('name', ANY, "the person's department", { share: 0.1 }),
  'contact.known': field('flag', PARTY, 'the other party was approved or written to before', {
    share: 0.5,
  }),
  room: field('identity', [...UNITS], 'the chat room'),
  'room.members': field(
    'members',
    ['room.*', ...TALK, 'typing', 'file.*', 'call.*'],
    'how many known members the room has, or who they are',
  ),
  route: field('choice', UNITS, 'one to one, in a room, or with the network itself', {
    values: ['direct', 'room', 'service'],
    share: 0.5,
  }),
  text: field(
    'text',
    [...TALK, 'room.topic', 'room.invite', 'contact.request'],
    'what was written',
  ),
  'text.length': field('number', [...TALK, 'room.topic'], 'its length in characters'),
  subject: field('text', [...TALK, 'room.topic'], 'the subject line'),
  status: field('text', ['presence', 'session.*'], 'the status text'),
  state: field('name', ['presence', 'typing', 'session.*', 'message.receipt'], 'away, busy, …', {
    share: 0.2,
  }),
  list: field('choice', ['contact.*'], 'which contact list', {
    values: ['allow', 'block', 'forward', 'reverse', 'pending', 'roster'],
    share: 0.3,
  }),
  'file.name': field('name', ['file.*', 'message'], 'the name as offered'),
  'file.extension': field('extension', ['file.*', 'message'], 'the last extension of the name', {
    share: 0.02,
  }),
  'file.size': field('number', ['file.*', 'message'], 'octets'),
  'file.mime': field('name', ['file.*', 'message'], 'the media type as announced', { share: 0.05 }),
  'file.sha256': field('name', ['file.*'], 'of the content, lower-case hex'),
  'file.purpose': field('choice', ['file.*'], 'what it is for, where nobody sent it as a file', {
    values: FILE_PURPOSES,
    share: 0.1,
  }),
  'file.url': field('name', ['file.*', 'message'], 'where it is to be fetched'),
  'call.media': field('choice', ['call.*'], 'audio or video', {
    values: ['audio', 'video'],
    share: 0.5,
  }),
  form: field('choice', TALK, 'how a message was sent, where it is not plain chat', {
    values: MESSAGE_FORMS,
    share: 0.2,
  }),
  copy: field('presence', PARTY, 'a repetition: echo, carbon, archive, history', { share: 0.1 }),
  encrypted: field('presence', TALK, 'end-to-end encrypted, or with which method', { share: 0.1 }),
  anomaly: field('name', ANY, 'odd input seen, by name', { ...METADATA, share: 0.01 }),
  reason: field('text', ANY, 'why it was refused, ended or is opaque', METADATA),
  'flow.client': field('address', ANY, "our side's address", { content: false, share: 0.05 }),
  'flow.server': field('address', ANY, "the other side's address", { content: false, share: 0.05 }),
  'flow.port': field('number', ANY, 'the server port', METADATA),
  'flow.transport': field('choice', ANY, 'what carries it', {
    values: ['tcp', 'udp'],
    content: false,
    share: 0.5,
  }),
  vlan: field('number', ANY, 'the VLAN', METADATA),
  activity: field(
    'choice',
    ['flow.*'],
    'what the connection is for; lookup: its name is asked for',
    {
      values: ACTIVITIES,
      content: false,
      share: 0.2,
    },
  ),
  evidence: field('choice', ['flow.identified'], 'what the service was recognised by', {
    values: EVIDENCE,
    content: false,
    share: 0.2,
  }),
  confidence: field('choice', ['flow.identified'], 'how sure the service is', {
    values: CONFIDENCES,
    content: false,
    share: 0.4,
  }),
  host: field('name', ['flow.*'], "the server's name that told the service", METADATA),
  'tls.sni': field('name', ['flow.*'], 'the server name asked for in the handshake', METADATA),
  'tls.alpn': field('name', ['flow.*'], 'the application protocol offered first', METADATA),
  'tls.version': field('name', ['flow.*'], "the newest version offered, or the chosen one: '1.3'", {
    content: false,
    share: 0.3,
  }),
  'tls.ja3': field('name', ['flow.*'], "the client's JA3 fingerprint", METADATA),
  'tls.ja4': field('name', ['flow.*'], "the client's JA4 fingerprint", METADATA),
  'tls.ech': field('flag', ['flow.*'], 'an encrypted hello came along, real or for show', {
    content: false,
    share: 0.5,
  }),
  when: field('schedule', ANY, 'the time, by schedule', METADATA),
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

/** The table with its general type. */
export function fieldOf(name: FieldName): Field {
  return FIELDS[name];
}

export const PATTERN_NAMES = [
  'payment-card',
  'iban',
  'us-ssn',
  'email',
  'phone',
  'api-key',
] as const;
export type PatternName = (typeof PATTERN_NAMES)[number];

export const RATE_KEYS = ['account', 'peer', 'user', 'room'] as const;
export type RateKey = (typeof RATE_KEYS)[number];
