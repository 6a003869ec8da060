/** What a gateway does where neither the command line nor `sallyport.yaml` says otherwise. */
import { DEFAULT_SERVICES } from './service-settings.ts';
import type { GatewaySettings } from './settings.ts';

export const DEFAULT_ADMIN = { address: '127.0.0.1', port: 9580 } as const;

/** Of a tap without interfaces: whoever uses it puts mode and interfaces in. */
export const DEFAULT_SETTINGS: GatewaySettings = {
  mode: 'tap',
  interfaces: [],
  capture: {
    backend: 'auto',
    filter: undefined,
    ringOctets: 64 << 20,
    snapLength: 262_144,
    promiscuous: true,
    hardwareTime: false,
  },
  // One worker sees every connection: an offer and the connection it announces, all of a sender's
  // messages for a rate, all of an account's contacts. More workers are for links that one cannot read.
  workers: 1,
  pinWorkers: false,
  policy: { rules: undefined, directory: undefined, services: DEFAULT_SERVICES, watch: true },
  eventsFile: undefined,
  admin: { listen: DEFAULT_ADMIN, tokenFile: undefined, metrics: 'loopback' },
  tap: { resetInterface: undefined },
  inline: {
    onFailure: 'open',
    onStop: undefined,
    failureTimeout: 500,
    holdTime: 200,
    holdOctets: 14_000,
  },
  queue: { number: 0, mark: 0x10000000, maxLength: 16384, onFailure: 'open' },
  user: undefined,
  log: { level: 'info', format: 'text' },
  limits: {},
};
