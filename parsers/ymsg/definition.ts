/** Yahoo! in the registry: the pager, what travels over HTTP, and the files fetched from where an offer says. */
import type { ProtocolDefinition } from '../contract.ts';
import { HttpLegs } from './http-legs.ts';
import { HTTP_PROBE_LIMIT, probeYmsgHttp } from './http-probe.ts';
import { neutralisePacket } from './neutral.ts';
import { YmsgParser } from './parser.ts';
import { PROBE_LIMIT, probeYmsg } from './probe.ts';

export const YMSG: ProtocolDefinition = {
  name: 'ymsg',
  family: 'ymsg',
  service: 'yahoo',
  transport: 'tcp',
  // The pager's, where clients try when it is closed, and that between two clients (5101).
  ports: [5050, 5101, 23, 25, 80, 20, 119, 8001, 8002, 5000, 5001],
  probeLimit: PROBE_LIMIT,
  probe: probeYmsg,
  create: (context) => new YmsgParser(context),
  neutralise: neutralisePacket,
};

export const YMSG_HTTP: ProtocolDefinition = {
  name: 'ymsg-http',
  family: 'ymsg',
  service: 'yahoo',
  transport: 'tcp',
  ports: [80, 8080],
  probeLimit: HTTP_PROBE_LIMIT,
  probe: probeYmsgHttp,
  create: (context) => new HttpLegs(context),
  neutralise: neutralisePacket,
};

/** Reached only by offers: the request lines of these connections say nothing of Yahoo!. */
export const YMSG_FETCH: ProtocolDefinition = {
  name: 'ymsg-fetch',
  family: 'ymsg',
  service: 'yahoo',
  transport: 'tcp',
  tunnel: true,
  activity: 'media',
  ports: [],
  probeLimit: 0,
  create: (context) => new HttpLegs(context),
};
