/** Every protocol the gateway reads: one line each. Order is the order of the probes. */
import type { ProtocolDefinition } from './contract.ts';
import { DCC_CHAT, DCC_SEND } from './dcc/definition.ts';
import { DINGTALK } from './dingtalk/definition.ts';
import { DNS, DNS_TCP } from './dns/definition.ts';
import { DTLS } from './dtls/definition.ts';
import { GG_DCC, GG_RELAY } from './gadu-gadu/dcc/definition.ts';
import { GADU_GADU } from './gadu-gadu/definition.ts';
import { HTTP_HOST } from './http-host/definition.ts';
import { IRC } from './irc/definition.ts';
import { LOCO } from './loco/definition.ts';
import { MCS } from './mcs/definition.ts';
import { MDNS } from './mdns/definition.ts';
import { MMTLS } from './mmtls/definition.ts';
import { MQTT } from './mqtt/definition.ts';
import { MSNP } from './msnp/definition.ts';
import { MSN_DIRECT } from './msnp/direct/definition.ts';
import { MSNFTP } from './msnp/ftp/definition.ts';
import { MSNP_HTTP } from './msnp/http/definition.ts';
import { MSRP } from './msrp/definition.ts';
import { MUMBLE_CONTROL } from './mumble-control/definition.ts';
import { ADC, NMDC } from './nmdc/definition.ts';
import { OICQ, OICQ_TCP } from './oicq/definition.ts';
import { ofOneShape } from './one-shape.ts';
import { OSCAR } from './oscar/definition.ts';
import { ODC } from './oscar/odc/definition.ts';
import { OFT } from './oscar/oft/definition.ts';
import { OSCAR_PROXY } from './oscar/proxy/definition.ts';
import { HTTP_CONNECT, PROXY_PROTOCOL, SOCKS4, SOCKS5_PROXY } from './proxy/definition.ts';
import { QQ_SSO } from './qq-sso/definition.ts';
import { QUIC } from './quic/definition.ts';
import { SIP, SIP_UDP } from './sip/definition.ts';
import { SOCKS5 } from './socks5/definition.ts';
import { STEAM_CM } from './steam-cm/definition.ts';
import { STUN, STUN_TCP } from './stun/definition.ts';
import { TELEGRAM, TELEGRAM_OBFUSCATED } from './telegram/definition.ts';
import { THREEMA } from './threema/definition.ts';
import { TLS } from './tls/definition.ts';
import { TOC } from './toc/definition.ts';
import { VIBER_TCP } from './viber-tcp/definition.ts';
import { VOICE } from './voice/definition.ts';
import { WEBSOCKET } from './websocket/definition.ts';
import { WHATSAPP } from './whatsapp/definition.ts';
import { XMPP } from './xmpp/definition.ts';
import { HTTP_UPLOAD } from './xmpp/http-upload/definition.ts';
import { YMSG, YMSG_FETCH, YMSG_HTTP } from './ymsg/definition.ts';

const IN_ORDER: readonly ProtocolDefinition[] = [
  XMPP,
  HTTP_UPLOAD,
  IRC,
  MSNP,
  MSNP_HTTP,
  MSN_DIRECT,
  MSNFTP,
  OSCAR,
  TOC,
  OFT,
  ODC,
  OSCAR_PROXY,
  YMSG,
  YMSG_HTTP,
  YMSG_FETCH,
  SOCKS5,
  SOCKS5_PROXY,
  SOCKS4,
  HTTP_CONNECT,
  PROXY_PROTOCOL,
  WEBSOCKET,
  HTTP_HOST,
  NMDC,
  ADC,
  OICQ,
  OICQ_TCP,
  MDNS,
  MQTT,
  GADU_GADU,
  GG_RELAY,
  SIP,
  MSRP,
  SIP_UDP,
  GG_DCC,
  DCC_SEND,
  DCC_CHAT,
  TLS,
  DTLS,
  WHATSAPP,
  TELEGRAM,
  TELEGRAM_OBFUSCATED,
  STUN,
  STUN_TCP,
  DNS,
  DNS_TCP,
  DINGTALK,
  LOCO,
  MMTLS,
  QQ_SSO,
  STEAM_CM,
  THREEMA,
  VIBER_TCP,
  QUIC,
  ...VOICE,
  MCS,
  MUMBLE_CONTROL,
];

export const PROTOCOLS: readonly ProtocolDefinition[] = IN_ORDER.map(ofOneShape);
