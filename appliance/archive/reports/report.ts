/** What `archive report` tells: plain data, fit for JSON. Times are microseconds since 1970, durations seconds. */
import type { UsageBy, UsageRow } from './usage.ts';

export interface Report {
  /** As shown: never a password. */
  readonly archive: string;
  readonly made: string;
  readonly timeZone: string;
  /** RFC 3339; undefined: from the first record, up to the last. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What was selected, in words. */
  readonly selected: readonly string[];
  readonly totals: ReportTotals;
  readonly usage: Readonly<Record<UsageBy, readonly UsageRow[]>>;
  readonly files: FilesReport;
  readonly policy: readonly PolicyRow[];
  readonly contacts: readonly ContactRow[];
  /** undefined: without a beginning of the period every contact is new. */
  readonly newContacts: readonly NewContactRow[] | undefined;
  readonly conduct: ConductReport;
  readonly completeness: CompletenessReport;
}

export interface ReportTotals {
  /** Records of events that were read for it. */
  readonly events: number;
  readonly messages: number;
  readonly conversations: number;
  readonly persons: number;
  readonly services: number;
  readonly files: number;
  readonly octets: number;
  readonly active: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export interface FilesReport {
  readonly count: number;
  readonly octets: number;
  /** Of them, those that are in the archive whole. */
  readonly kept: number;
  readonly types: readonly {
    readonly type: string;
    readonly count: number;
    readonly octets: number;
  }[];
  readonly biggest: readonly BigFile[];
}

export interface BigFile {
  /** undefined: it had none, or it was erased. */
  readonly name: string | undefined;
  readonly octets: number;
  readonly type: string | undefined;
  readonly service: string;
  readonly who: string;
  readonly time: number;
  readonly sha256: string | undefined;
}

export interface PolicyRow {
  readonly rule: string;
  readonly action: string;
  readonly enforced: number;
  /** Wanted, and not carried out: a tap only looks. */
  readonly notEnforced: number;
  readonly persons: number;
}

export interface ContactRow {
  readonly contact: string;
  readonly messages: number;
  /** Of the messages, those that the contact said. */
  readonly said: number;
  readonly conversations: number;
}

export interface NewContactRow {
  readonly contact: string;
  readonly with: string;
  readonly first: number;
  readonly messages: number;
}

export interface ConductReport {
  readonly hits: number;
  readonly tags: readonly { readonly tag: string; readonly hits: number }[];
  readonly persons: readonly { readonly name: string; readonly hits: number }[];
}

export interface CompletenessReport {
  readonly complete: boolean;
  /** When a gateway ran is known; else the record is of recordings. */
  readonly live: boolean;
  readonly missing: readonly {
    /** lost: nobody wanted that. unread: it was there, and could not be read. policy: it was not to be kept. */
    readonly kind: 'lost' | 'unread' | 'policy';
    readonly what: string;
    readonly why: string;
    readonly times: number;
    readonly counts: Readonly<Record<string, number>>;
  }[];
  /** In one line. */
  readonly says: string;
}
