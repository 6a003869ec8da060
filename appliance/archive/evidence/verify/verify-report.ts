/** What verify is asked, and what it tells. */
import type { PublicKey } from '../public-key.ts';
import type { Signed } from './checkpoint-check.ts';
import type { Finding } from './findings.ts';
import type { RecordCounts } from './verify-records.ts';

export interface VerifyOptions {
  /** Records, both included; the start is moved back to the last checkpoint that is signed. */
  readonly from?: number;
  readonly to?: number;
  /** Keys that the verifier knows from elsewhere. */
  readonly publicKeys?: readonly PublicKey[];
  /** A copy of checkpoints.jsonl from elsewhere, in place of that in the home folder. */
  readonly checkpoints?: string;
  /** What was written down of the record elsewhere: its number and its hash in hex. */
  readonly anchors?: readonly { readonly sequence: number; readonly hash: string }[];
  /** The terms of every record are in the search index. */
  readonly index?: boolean;
  /** The octets of every kept file are those that were kept. */
  readonly files?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export type Trust =
  /** A key that the verifier brought. */
  | 'given'
  /** The key in the home folder is the one that the record tells of. */
  | 'home'
  /** The record itself tells of it, and nothing else does. */
  | 'archive'
  /** Nothing is signed. */
  | 'none';

export interface VerifyReport {
  readonly archive: string;
  readonly where: string;
  /** Records looked at; `last` below `first`: none. */
  readonly first: number;
  readonly last: number;
  /** Of the last record, hex: what can be written down elsewhere. */
  readonly hash: string;
  readonly counts: RecordCounts;
  readonly checkpoints: number;
  readonly signed: Signed | undefined;
  readonly trust: Trust;
  readonly key: string | undefined;
  readonly conversations: number | undefined;
  readonly indexed: number | undefined;
  readonly files: number | undefined;
  readonly clean: boolean;
  readonly firstBreak: Finding | undefined;
  readonly breaks: number;
  readonly breaksByKind: Readonly<Record<string, number>>;
  /** The first hundred. */
  readonly listed: readonly Finding[];
  /** Sentences. */
  readonly notProven: readonly string[];
  readonly seconds: number;
}
