/** What a gateway does where neither the command line nor `sallyport.yaml` says otherwise. */
import { DEFAULT_SERVICES } from './service-settings.ts';
import type { ArchiveSettings, GatewaySettings } from './settings.ts';

export const DEFAULT_ADMIN = { address: '127.0.0.1', port: 9580 } as const;

/** Of an archive that is kept nowhere: whoever uses it puts the store in. */
export const DEFAULT_ARCHIVE: ArchiveSettings = {
  store: undefined,
  home: undefined,
  keep: 'full',
  threadGap: 12 * 3_600_000,
  spool: { size: 2 ** 30, sync: 'interval' },
  checkpoints: { every: 600_000, records: 100_000 },
  encryption: { keyFile: undefined, keyCommand: undefined, index: 'blind' },
  retention: [],
  purgeAt: undefined,
  files: { largest: 64 * 2 ** 20, total: 10 * 2 ** 30 },
};

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
  archive: DEFAULT_ARCHIVE,
  outputs: [],
  user: undefined,
  log: { level: 'info', format: 'text' },
  limits: {},
};
