/**
 * The schema of one event in JSON form, v1: what leaves `encodeEvent`, line by line.
 *
 * Unknown fields are refused, so that a typing error in a rule test or in an exporter shows.
 * docs/schema/event.v1.schema.json and docs/events.md are generated from here.
 */
import { z } from 'zod';
import {
  ACTIONS,
  ACTIVITIES,
  CONFIDENCES,
  EVIDENCE,
  FILE_PURPOSES,
  MESSAGE_FORMS,
} from './event.ts';
import { EVENT_KINDS } from './kinds.ts';

export const EVENT_VERSION = 1;

/** Text is absent rather than empty. */
const text = z.string().min(1);
const count = z.int().nonnegative();

export const transferMethodSchema = z.enum([
  'dcc',
  'oft',
  'p2p',
  'ymsg-http',
  'ibb',
  'socks5',
  'jingle',
  'http-upload',
  'oob',
  'attachment',
  'msnftp',
  'msrp',
  'gg',
  'nmdc',
  'odc',
]);

export const flowSchema = z
  .strictObject({
    id: text.describe('Identifier of the connection, unique within a run.'),
    transport: z.enum(['tcp', 'udp']).describe('Transport protocol.'),
    client: text.describe('`address:port` of the side that opened it; IPv6 in brackets.'),
    server: text.describe('`address:port` of the other side.'),
    vlan: z.int().min(0).max(4095).optional().describe('VLAN identifier.'),
  })
  .describe('The connection the event came from.');

export const fileSchema = z
  .strictObject({
    name: text.optional().describe('As offered, path and all. Never use it as a path.'),
    size: count.optional().describe('Octets, as offered; on `file.complete` as counted.'),
    mime: text
      .optional()
      .describe('Media type, as offered; on `file.complete` as the content shows, where it tells.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('Of the content that passed, on `file.complete`; else as announced.'),
    method: transferMethodSchema.optional().describe('How the file travels.'),
    token: text.optional().describe('Ties offer, answer and data connection together.'),
    endpoint: text.optional().describe('`address:port` where the data is announced.'),
    url: text.optional().describe('Where the file is to be fetched.'),
    offset: count.optional().describe('Octets already there when the transfer was resumed.'),
    purpose: z
      .enum(FILE_PURPOSES)
      .optional()
      .describe(
        'Where it is no file that somebody sent: `inline` image, `ink`, `picture` of a person, `emoticon`.',
      ),
  })
  .describe('The file that is offered, answered, or transferred.');

export const callSchema = z
  .strictObject({
    media: z.enum(['audio', 'video']).optional().describe('What the call carries.'),
    token: text.optional().describe('Ties offer, answer and end together.'),
  })
  .describe('The call that is offered, answered, or ended.');

export const tlsSchema = z
  .strictObject({
    version: text.optional().describe('Newest version offered, or the one that was chosen.'),
    sni: text.optional().describe('Server name asked for.'),
    alpn: text.optional().describe('Application protocol offered first.'),
    ja3: text.optional().describe('JA3 fingerprint of the client.'),
    ja4: text.optional().describe('JA4 fingerprint of the client.'),
    ech: z
      .boolean()
      .optional()
      .describe('An encrypted client hello came along, real or for show: which cannot be told.'),
  })
  .describe('What the TLS handshake shows of an unreadable connection.');

export const verdictSchema = z
  .strictObject({
    action: z.enum(ACTIONS).describe('What the policy decided.'),
    enforced: z.boolean().describe('False where it was not carried out; `why` tells the reason.'),
    rule: text.optional().describe('The rule that decided.'),
    ruleset: text.optional().describe('`sha256:…` of the rule set.'),
    matched: z.array(z.string()).optional().describe('What matched, in words.'),
    tags: z.array(text).optional().describe('Tags that rules put on the event.'),
    alert: z.enum(['low', 'medium', 'high']).optional().describe('Alert raised.'),
    archive: z.enum(['full', 'metadata', 'none']).optional().describe('How much is archived.'),
    quarantine: z.boolean().optional().describe('A copy of the file is kept.'),
    log: z.boolean().optional().describe('A rule asked for the event to be logged.'),
    count: z.array(text).optional().describe('Counters that rules advanced.'),
    learn: count
      .optional()
      .describe('Seconds for which later connections to the same address are known by this one.'),
    tell: text.optional().describe('What the user was, or would have been, told.'),
    shadow: z
      .array(z.strictObject({ rule: text, action: text }))
      .optional()
      .describe('What rules in shadow mode would have done.'),
    why: text.optional().describe('Why the verdict was not, or not fully, carried out.'),
  })
  .describe('What was decided about the event, and why.');

export const gapSchema = z
  .strictObject({
    octets: count.describe('Octets that were not seen.'),
    cause: z
      .enum(['loss', 'snap', 'memory'])
      .describe(
        '`loss`: not in the capture; `snap`: cut by the snap length; `memory`: given up at a cap.',
      ),
    direction: z.enum(['to-server', 'to-client']).describe('Which stream they are missing from.'),
  })
  .describe('Octets of a readable connection that were not seen.');

export const totalsSchema = z
  .strictObject({
    packetsToServer: count.describe('Packets from client to server.'),
    packetsToClient: count.describe('Packets from server to client.'),
    octetsToServer: count.describe('Payload octets from client to server.'),
    octetsToClient: count.describe('Payload octets from server to client.'),
    duration: z.number().nonnegative().describe('Seconds between first and last packet.'),
    events: count.describe('Events reported.'),
    gaps: count.describe('Gaps reported.'),
    gapOctets: count.describe('Octets missing in those gaps.'),
    anomalies: count.describe('Oddities counted.'),
    midstream: z.boolean().describe('The opening of the connection was not seen.'),
  })
  .describe('The ledger of one connection.');

/** Every field after `verdict` is an addition within v1: the order here is the order in JSON. */
export const eventSchema = z
  .strictObject({
    v: z.literal(EVENT_VERSION).describe('Version of the event model.'),
    id: text.describe('Unique identifier (UUIDv7), sorts by time.'),
    ts: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      .meta({ format: 'date-time' })
      .describe('Time of the packet that completed the unit: RFC 3339, UTC, microseconds.'),
    kind: z.enum(EVENT_KINDS).describe('What happened; see the table of kinds.'),
    service: text.optional().describe('Who runs the network: `xmpp`, `google-talk`, `irc`, …'),
    protocol: text.optional().describe('What is on the wire: `xmpp`, `irc`, `dcc-send`, …'),
    protocolVersion: text.optional().describe('Version of the protocol, where it has one.'),
    visibility: z
      .enum(['content', 'metadata', 'opaque'])
      .describe('How much of the connection can be read.'),
    flow: flowSchema.optional(),
    origin: z
      .enum(['client', 'server'])
      .optional()
      .describe("`client`: sent by the connection's client; `server`: received by it."),
    account: text.optional().describe("The identity that is signed in on the client's side."),
    from: text.optional().describe('Sender, as the protocol names it.'),
    fromResource: text.optional().describe("The sender's device or resource."),
    to: z.array(text).min(1).optional().describe('Recipients, as the protocol names them.'),
    room: text.optional().describe('Chat room, conference, or group.'),
    text: text.optional().describe('Text of the message, markup removed.'),
    markup: text.optional().describe('The original, where the text was marked up.'),
    file: fileSchema.optional(),
    contact: text.optional().describe('The contact the event is about.'),
    list: z
      .enum(['allow', 'block', 'forward', 'reverse', 'pending', 'roster'])
      .optional()
      .describe('The contact list it stands on.'),
    call: callSchema.optional(),
    state: text.optional().describe('Presence: `available`, `away`, …; typing: `composing`, …'),
    status: text.optional().describe('Status text.'),
    reason: text.optional().describe('Why something was rejected, ended, or is opaque.'),
    tls: tlsSchema.optional(),
    verdict: verdictSchema.optional(),
    messageId: text.optional().describe("The protocol's own identifier of the message."),
    refersTo: text
      .optional()
      .describe('The message an edit, deletion, receipt, or reply is about.'),
    subject: text.optional().describe('Subject line of the message.'),
    thread: text.optional().describe('Conversation thread the message names.'),
    form: z
      .enum(MESSAGE_FORMS)
      .optional()
      .describe('How the message was sent, where it is not plain chat.'),
    route: z
      .enum(['direct', 'room', 'service'])
      .optional()
      .describe('One to one, in a room, or to or from the network itself.'),
    copy: z
      .enum(['echo', 'carbon', 'archive', 'history'])
      .optional()
      .describe('The event repeats what was or will be said elsewhere.'),
    sentAt: text.optional().describe('When a delayed message was first sent, RFC 3339.'),
    encrypted: text
      .optional()
      .describe('End-to-end encryption of the body; `text` is then what the wire shows.'),
    name: text.optional().describe('Display name of the contact or of the person joining.'),
    groups: z.array(text).optional().describe('Groups of the contact list entry.'),
    subscription: text.optional().describe('Roster subscription: `none`, `to`, `from`, `both`.'),
    gap: gapSchema.optional(),
    totals: totalsSchema.optional(),
    anomalies: z.array(text).optional().describe('Odd input seen in this unit, by name.'),
    person: text.optional().describe('The person behind `account`, from the directory.'),
    peers: z
      .array(text)
      .optional()
      .describe('The people behind the other parties, where the directory knows them.'),
    activity: z
      .enum(ACTIVITIES)
      .optional()
      .describe('What the connection is for; `media` where up or down cannot be told.'),
    evidence: z.enum(EVIDENCE).optional().describe('What the service was recognised by.'),
    confidence: z.enum(CONFIDENCES).optional().describe('How sure the service is.'),
    host: text.optional().describe("The server's name that told the service."),
    packet: z.int().positive().optional().describe('Packet number in its capture file, from 1.'),
    capture: text.optional().describe('Name of the capture file, without its folder.'),
  })
  .meta({
    title: 'Sallyport event',
    description: 'One instant-messaging event: one JSON object per line.',
  });

export type EventJson = z.infer<typeof eventSchema>;
