/**
 * What a message inside a WebSocket begins with: a messenger's signature, an IM protocol, or another connection
 * that is carried inside.
 *
 *   WhatsApp   ["ED" 00 01 length:24 routing] "WA" version dictionary length:24 12 …       (dossier §3.1)
 *   Telegram   64 octets that decipher with the key that they hold             (framing/mtproto-header.ts)
 *   Signal     a request of Protocol Buffers: type 1, verb, path               (framing/signal-message.ts)
 *   MQTT       10 remaining-length 00 04 "MQTT" | 00 06 "MQIsdp"                           (MQTT 3.1.1 §3.1)
 *   XMPP       <open … urn:ietf:params:xml:ns:xmpp-framing (RFC 7395 §3.3), <stream:stream
 *   SIP        … SIP/2.0 in the first line; IRC: the first commands of a client; STOMP: CONNECT, STOMP
 *   tunnels    SSH-2.0- (RFC 4253 §4.2), a TLS handshake (RFC 8446 §5.1), HTTP/1 requests and answers
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { HEADER, mayBeHeader, readHeader } from '../framing/mtproto-header.ts';
import { beginsSignalRequest } from '../framing/signal-message.ts';

export interface Inside {
  /** As the catalogue has it. */
  readonly signature: string;
  /** Another connection is carried. */
  readonly isTunnel: boolean;
}

const im = (signature: string): Inside => ({ signature, isTunnel: false });
const carried = (what: string): Inside => ({ signature: `websocket:${what}`, isTunnel: true });

const WHATSAPP = im('whatsapp-noise');
const TELEGRAM = im('telegram-obfuscated');
const SIGNAL = im('signal-websocket');
const MQTT = im('websocket:mqtt');
const XMPP = im('websocket:xmpp');
const IRC = im('websocket:irc');
const STOMP = im('websocket:stomp');
const SIP = im('websocket:sip');
const TLS = carried('tls');
const SSH = carried('ssh');
const HTTP = carried('http');

/** By the words that a message begins with. */
const WORDS: readonly (readonly [Uint8Array, Inside])[] = [
  [ascii('<stream:stream'), XMPP],
  [ascii('CAP LS'), IRC],
  [ascii('NICK '), IRC],
  [ascii('USER '), IRC],
  [ascii('CONNECT\n'), STOMP],
  [ascii('STOMP\n'), STOMP],
  [ascii('SIP/2.0 '), SIP],
  [ascii('REGISTER sip'), SIP],
  [ascii('OPTIONS sip'), SIP],
  [ascii('MESSAGE sip'), SIP],
  [ascii('INVITE sip'), SIP],
  [ascii('SSH-2.0-'), SSH],
  [ascii('SSH-1.'), SSH],
  [ascii('HTTP/1.'), HTTP],
];
/** A request line in one message: what other texts begin with alone says little. */
const METHODS = [ascii('GET '), ascii('POST '), ascii('HEAD '), ascii('CONNECT ')];
const VERSION = ascii(' HTTP/1.');
const OPEN = ascii('<open ');
const FRAMING = ascii('urn:ietf:params:xml:ns:xmpp-framing');

const MQTT_4 = Uint8Array.of(0, 4, ...ascii('MQTT'));
const MQTT_3 = Uint8Array.of(0, 6, ...ascii('MQIsdp'));
const WA = ascii('WA');
const NEWEST = 10; // of WhatsApp's versions and dictionaries; 6 and 3 are today's
const EDGE = Uint8Array.of(0x45, 0x44, 0x00, 0x01);
const EDGE_HEADER = 7; // octets, with a length of 24 bits
const CLIENT_HELLO = 0x12; // field 2 of the handshake message, length-delimited

/** Undefined where the octets say nothing. */
export function whatIsInside(octets: Uint8Array): Inside | undefined {
  if (isWhatsApp(octets)) return WHATSAPP;
  if (isMqtt(octets)) return MQTT;
  if (beginsSignalRequest(octets)) return SIGNAL;
  if (isTls(octets)) return TLS;
  if (startsWith(octets, 0, OPEN)) return contains(octets, FRAMING) ? XMPP : undefined;
  for (const [word, inside] of WORDS) if (startsWith(octets, 0, word)) return inside;
  if (METHODS.some((method) => startsWith(octets, 0, method)) && contains(octets, VERSION)) {
    return HTTP;
  }
  return isMtproto(octets) ? TELEGRAM : undefined;
}

function isMtproto(octets: Uint8Array): boolean {
  return octets.length >= HEADER && mayBeHeader(octets) && readHeader(octets) !== undefined;
}

function isWhatsApp(octets: Uint8Array): boolean {
  if (!startsWith(octets, 0, EDGE)) return isNoise(octets, 0);
  const routing = ((octets[4] ?? 0) << 16) | ((octets[5] ?? 0) << 8) | (octets[6] ?? 0);
  const at = EDGE_HEADER + routing;
  // A message that goes on beyond what is looked at, or another one, has the rest.
  return at >= octets.length || isNoise(octets, at);
}

function isNoise(octets: Uint8Array, at: number): boolean {
  if (octets.length < at + 8 || !startsWith(octets, at, WA)) return false;
  const version = octets[at + 2] ?? 0;
  const dictionary = octets[at + 3] ?? 0;
  if (version < 1 || version > NEWEST || dictionary > NEWEST) return false;
  return octets[at + 4] === 0 && octets[at + 7] === CLIENT_HELLO;
}

function isMqtt(octets: Uint8Array): boolean {
  if (octets[0] !== 0x10) return false;
  let at = 1;
  while (at < 4 && (octets[at] ?? 0) >= 0x80) at++;
  return startsWith(octets, at + 1, MQTT_4) || startsWith(octets, at + 1, MQTT_3);
}

function isTls(octets: Uint8Array): boolean {
  if (octets.length < 6 || octets[0] !== 0x16 || octets[1] !== 3) return false;
  const handshake = octets[5];
  return (octets[2] ?? 0) <= 4 && (handshake === 1 || handshake === 2);
}

function contains(octets: Uint8Array, word: Uint8Array): boolean {
  for (let at = 0; at + word.length <= octets.length; at++) {
    if (startsWith(octets, at, word)) return true;
  }
  return false;
}
