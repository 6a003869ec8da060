/** Tunnels in the registry: nothing is said of them unless what comes inside is IM. */
import type { ProtocolDefinition } from '../contract.ts';
import { CONNECT_PROBE_LIMIT, HttpConnectWords, probeConnect } from './http-connect.ts';
import { PROXY_PROTOCOL_LIMIT, ProxyProtocolParser, probeProxyProtocol } from './proxy-protocol.ts';
import { probeSocks4, SOCKS4_PROBE_LIMIT, Socks4Words } from './socks4.ts';
import { probeSocks5Proxy, SOCKS5_PROBE_LIMIT, Socks5ProxyWords } from './socks5.ts';
import { TunnelParser } from './tunnel-parser.ts';

export const HTTP_CONNECT: ProtocolDefinition = {
  name: 'http-connect',
  transport: 'tcp',
  tunnel: true,
  ports: [],
  probeLimit: CONNECT_PROBE_LIMIT,
  probe: probeConnect,
  create: () => new TunnelParser(new HttpConnectWords()),
};

export const SOCKS4: ProtocolDefinition = {
  name: 'socks4',
  transport: 'tcp',
  tunnel: true,
  ports: [],
  probeLimit: SOCKS4_PROBE_LIMIT,
  probe: probeSocks4,
  emptyGreeting: true,
  create: () => new TunnelParser(new Socks4Words()),
};

export const SOCKS5_PROXY: ProtocolDefinition = {
  name: 'socks5-proxy',
  transport: 'tcp',
  tunnel: true,
  ports: [],
  probeLimit: SOCKS5_PROBE_LIMIT,
  probe: probeSocks5Proxy,
  emptyGreeting: true,
  create: () => new TunnelParser(new Socks5ProxyWords()),
};

export const PROXY_PROTOCOL: ProtocolDefinition = {
  name: 'proxy-protocol',
  transport: 'tcp',
  tunnel: true,
  ports: [],
  probeLimit: PROXY_PROTOCOL_LIMIT,
  probe: probeProxyProtocol,
  create: () => new ProxyProtocolParser(),
};
