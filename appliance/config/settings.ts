/** What a running gateway is told: the command line and `sallyport.yaml` both end here. */
import type { OutputSettings } from '../outputs/output-settings.ts';
import type { ServiceSettings } from './service-settings.ts';

export type GatewayMode = 'tap' | 'inline' | 'nfqueue';
export type OnFailure = 'open' | 'closed';
export type CaptureChoice = 'auto' | 'afpacket' | 'cap' | 'pcap';

export interface GatewaySettings {
  readonly mode: GatewayMode;
  /** tap: those that are read; inline: exactly two, the ends of the bridge; nfqueue: none. */
  readonly interfaces: readonly string[];
  readonly capture: CaptureSettings;
  /** Data-plane threads. */
  readonly workers: number;
  /** Pin worker n to CPU n. */
  readonly pinWorkers: boolean;
  readonly policy: PolicySettings;
  /** JSONL of events; '-' is standard output; undefined: none. */
  readonly eventsFile: string | undefined;
  readonly admin: AdminSettings;
  readonly tap: TapSettings;
  readonly inline: InlineSettings;
  readonly queue: QueueSettings;
  readonly archive: ArchiveSettings;
  readonly outputs: readonly OutputSettings[];
  /** Account and group that the process becomes once its sockets are open; undefined: stays what it is. */
  readonly user: string | undefined;
  readonly log: LogSettings;
  /** Of src/limits.ts, those that differ from the default. */
  readonly limits: Readonly<Record<string, number>>;
}

export interface CaptureSettings {
  readonly backend: CaptureChoice;
  readonly filter: string | undefined;
  /** Octets of ring a worker and interface. */
  readonly ringOctets: number;
  readonly snapLength: number;
  readonly promiscuous: boolean;
  readonly hardwareTime: boolean;
}

export interface PolicySettings {
  /** Rule files and folders; undefined: the shipped policies; empty: none, everything passes. */
  readonly rules: readonly string[] | undefined;
  readonly directory: string | undefined;
  /** Undefined: the services that ship. */
  readonly services?: ServiceSettings | undefined;
  /** Load again when a file changes. */
  readonly watch: boolean;
}

export interface AdminSettings {
  /** Address and port to listen on; undefined: no admin server. */
  readonly listen: { readonly address: string; readonly port: number } | undefined;
  /** File with the bearer token; undefined: made at the start, in the run folder. */
  readonly tokenFile: string | undefined;
  /** Who may read /metrics: loopback (without a token), everybody with the token, everybody. */
  readonly metrics: 'loopback' | 'token' | 'open';
}

export interface TapSettings {
  /** Interface out of which resets are sent to forbidden connections; undefined: a tap only looks. */
  readonly resetInterface: string | undefined;
}

export interface InlineSettings {
  readonly onFailure: OnFailure;
  /** After a clean stop; undefined: as `onFailure`. */
  readonly onStop: OnFailure | undefined;
  /** Milliseconds without a sign of life of the engine until the watchdog acts. */
  readonly failureTimeout: number;
  /** Milliseconds a packet may be held for a unit that is not complete. */
  readonly holdTime: number;
  /** Octets a flow and direction may be held. */
  readonly holdOctets: number;
}

export interface QueueSettings {
  /** First netfilter queue; worker n reads number + n. */
  readonly number: number;
  /** Connection mark (and mask) by which the kernel knows flows that were let go. */
  readonly mark: number;
  /** Packets that wait for a verdict in the kernel, per queue. */
  readonly maxLength: number;
  /** What the kernel does without a worker: lets packets by, or drops them. Stands in the printed rules. */
  readonly onFailure: OnFailure;
}

export interface LogSettings {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'json' | 'text';
}

/** How much of an event is kept. metadata: without its content; none: it is only counted. */
export type Keep = 'full' | 'metadata' | 'none';

export interface ArchiveSettings {
  /** Path of an SQLite file, or postgres://…; undefined: there is no archive. */
  readonly store: string | undefined;
  /** The folder of what is in no database: spool, files, keys; undefined: where `readTarget` says. */
  readonly home: string | undefined;
  /** Where no rule says. */
  readonly keep: Keep;
  /** Milliseconds of silence after which a conversation is a new one. */
  readonly threadGap: number;
  readonly spool: SpoolSettings;
  readonly checkpoints: {
    /** Milliseconds between two of them, and records at most. */
    readonly every: number;
    readonly records: number;
  };
  readonly encryption: EncryptionSettings;
  /** In order: the first that fits a record holds for it; where none fits, it is kept for ever. */
  readonly retention: readonly RetentionSettings[];
  /** Minutes after midnight, local time, when a running gateway purges; undefined: it does not. */
  readonly purgeAt: number | undefined;
  readonly files: {
    /** Octets of the largest file that is kept, and of all together. */
    readonly largest: number;
    readonly total: number;
  };
}

export interface SpoolSettings {
  /** Octets. */
  readonly size: number;
  /** When what was written is forced to the disk: before it is acknowledged, each second, never. */
  readonly sync: 'always' | 'interval' | 'never';
}

/** Without a key nothing is encrypted. */
export interface EncryptionSettings {
  readonly keyFile: string | undefined;
  /** A program and its arguments: the key is what it writes. */
  readonly keyCommand: readonly string[] | undefined;
  /** Of encrypted text. blind: keyed digests of its words are indexed; off: nothing. */
  readonly index: 'blind' | 'off';
}

/** All that it names must fit. */
export interface RetentionSettings {
  readonly service: string | undefined;
  /** Of the directory. */
  readonly group: string | undefined;
  readonly tag: string | undefined;
  readonly days: number;
}
