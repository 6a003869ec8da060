/**
 * What is known of each protocol when nothing has been captured yet. Rules cannot see the parsers;
 * test/rules-services.test.ts holds these tables against their registry.
 */

/** How a protocol that this version reads can be acted upon in a bridge. */
export interface ProtocolNature {
  readonly services: readonly string[];
  /** conversation: messages and offers; transfer: the content of one file. */
  readonly carries: 'conversation' | 'transfer';
  /** Whether one unit can vanish without breaking the connection (design "data plane"). */
  readonly neutral: boolean;
  /** Whether text stands verbatim in the stream, so that it can be masked in place. */
  readonly verbatim: boolean;
  /** Where even that does not hold. */
  readonly reserve?: string;
}

const COMPRESSION = 'inside compression the connection is reset instead';

/** By the name in the registry of parsers, and in `event.protocol`. */
export const PROTOCOLS: ReadonlyMap<string, ProtocolNature> = new Map<string, ProtocolNature>([
  [
    'xmpp',
    {
      services: ['xmpp', 'google-talk', 'bonjour'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve: COMPRESSION,
    },
  ],
  [
    'http-upload',
    {
      services: ['xmpp', 'google-talk', 'bonjour'],
      carries: 'transfer',
      neutral: false,
      verbatim: false,
    },
  ],
  ['irc', { services: ['irc'], carries: 'conversation', neutral: true, verbatim: true }],
  ['dcc-chat', { services: ['irc'], carries: 'conversation', neutral: true, verbatim: true }],
  ['dcc-send', { services: ['irc'], carries: 'transfer', neutral: false, verbatim: false }],
  ['oscar', { services: ['aim', 'icq'], carries: 'conversation', neutral: true, verbatim: true }],
  ['oft', { services: ['aim', 'icq'], carries: 'transfer', neutral: false, verbatim: false }],
  [
    'nmdc',
    {
      services: ['nmdc'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve: COMPRESSION,
    },
  ],
  ['odc', { services: ['aim', 'icq'], carries: 'conversation', neutral: true, verbatim: true }],
  [
    'adc',
    {
      services: ['adc'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve: COMPRESSION,
    },
  ],
  // Presence of link-local XMPP.
  ['mdns', { services: ['bonjour'], carries: 'conversation', neutral: true, verbatim: false }],
  // Numbers and commands only: what they carry is encrypted.
  ['oicq', { services: ['qq'], carries: 'conversation', neutral: true, verbatim: false }],
  ['msnp', { services: ['msn'], carries: 'conversation', neutral: true, verbatim: true }],
  ['msnp-http', { services: ['msn'], carries: 'conversation', neutral: true, verbatim: true }],
  ['msn-direct', { services: ['msn'], carries: 'transfer', neutral: false, verbatim: false }],
  ['msnftp', { services: ['msn'], carries: 'transfer', neutral: false, verbatim: false }],
  ['ymsg', { services: ['yahoo'], carries: 'conversation', neutral: true, verbatim: true }],
  [
    'ymsg-http',
    {
      services: ['yahoo'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve: 'a file over HTTP is refused by a reset of its connection',
    },
  ],
  ['ymsg-fetch', { services: ['yahoo'], carries: 'transfer', neutral: false, verbatim: false }],
  ['toc', { services: ['aim'], carries: 'conversation', neutral: true, verbatim: true }],
  [
    'socks5',
    {
      services: ['xmpp', 'google-talk', 'bonjour'],
      carries: 'transfer',
      neutral: false,
      verbatim: false,
    },
  ],
  [
    'gadu-gadu',
    {
      services: ['gadu-gadu'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve:
        'only plain text of clients before 8.0 is masked; later ones write it twice and are dropped',
    },
  ],
  ['gg-dcc', { services: ['gadu-gadu'], carries: 'transfer', neutral: false, verbatim: false }],
  ['gg-relay', { services: ['gadu-gadu'], carries: 'transfer', neutral: false, verbatim: false }],
  ['mqtt', { services: ['mqtt'], carries: 'conversation', neutral: true, verbatim: true }],
  ['sip', { services: ['sip'], carries: 'conversation', neutral: true, verbatim: true }],
  [
    'msrp',
    {
      services: ['sip'],
      carries: 'conversation',
      neutral: true,
      verbatim: true,
      reserve: 'a file in chunks larger than 64 KiB is reset instead',
    },
  ],
]);

/** Those over UDP that only name the service of a connection; `udp`: nothing but the address told it. */
const OVER_UDP = [
  'discord-voice',
  'dtls',
  'imo-udp',
  'line-call',
  'mumble-ping',
  'quic',
  'skype-udp',
  'steam-udp',
  'teamspeak',
  'teamspeak-weblist',
  'telegram-reflector',
  'udp',
  'viber-udp',
  'webex-udp',
  'zoom',
] as const;

/** The others, and what readable ones turn into; `tcp`: nothing but the address told it. */
const OVER_TCP = [
  'compressed',
  'dingtalk',
  'dns',
  'http',
  'http-connect',
  'loco',
  'mcs',
  'mmtls',
  'mtproto',
  'mumble',
  'qq-sso',
  'sasl',
  'socks4',
  'socks5-proxy',
  'steam-cm',
  'stun',
  'tcp',
  'threema',
  'tls',
  'viber',
  'websocket',
  'whatsapp',
] as const;

/** There is no connection that could be reset. */
export const DATAGRAM_PROTOCOLS: ReadonlySet<string> = new Set(OVER_UDP);

export const RECOGNISED_PROTOCOLS: ReadonlySet<string> = new Set([...OVER_TCP, ...OVER_UDP]);
