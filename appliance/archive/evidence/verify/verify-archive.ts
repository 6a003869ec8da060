/**
 * Proves that the record is what was written, or names the first place where it is not: every hash, every
 * signature, every column that is searched by, every absence, and what stands outside of the database.
 */
import { existsSync } from 'node:fs';
import { systemErrorText } from '../../../cli/user-error.ts';
import { counted } from '../../../report/amounts.ts';
import type { Archive } from '../../archive.ts';
import { ArchiveError } from '../../archive-error.ts';
import type { Envelope } from '../../contract.ts';
import { NO_HASH } from '../../record/chain.ts';
import { type Head, readHead } from '../../record/head.ts';
import { readMeta } from '../../record/meta.ts';
import { homePaths } from '../../target.ts';
import { PublicKey } from '../public-key.ts';
import { Absences } from './absences.ts';
import { ChainCheck } from './chain-check.ts';
import { checkConversations } from './check-conversations.ts';
import { FilesCheck } from './check-files.ts';
import { HoldsCheck } from './check-holds.ts';
import { IndexCheck } from './check-index.ts';
import { checkTables } from './check-tables.ts';
import { brief, CheckpointCheck, type Signed } from './checkpoint-check.ts';
import { type Finding, Findings } from './findings.ts';
import { KeyRing } from './key-ring.ts';
import { checkOutside } from './outside-check.ts';
import { type VerifyRow, verifyRows } from './record-stream.ts';
import { trustedStart } from './trusted-start.ts';
import { noCounts, type RecordCounts, RecordVerifier } from './verify-records.ts';

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

/** Records between two looks at the signal, and two reports of progress. */
const PROGRESS = 2000;

/**
 * Rejects with ArchiveError where the archive cannot be read, and with the reason of the signal; what is wrong
 * in the archive is in the report.
 */
export async function verifyArchive(
  archive: Archive,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  if (options.index === true && archive.vault.locked) {
    // What cannot be read is not broken: that must not be said of it.
    throw new ArchiveError(
      'the search index cannot be verified: this archive is encrypted, and no key was given',
      'Name the configuration that has its key (--config sallyport.yaml), or verify without --index.',
    );
  }
  const started = performance.now();
  const verification = new Verification(archive, options, await archiveId(archive));
  const report = await verification.run();
  return { ...report, seconds: (performance.now() - started) / 1000 };
}

async function archiveId({ database }: Archive): Promise<string> {
  return (await readMeta(database, 'archive')) ?? '';
}

class Verification {
  readonly #archive: Archive;
  readonly #options: VerifyOptions;
  readonly #id: string;
  readonly #isRange: boolean;
  readonly #findings = new Findings();
  readonly #counts = noCounts();
  readonly #purges = new Absences('purge', this.#findings);
  readonly #erasures = new Absences('erase', this.#findings);
  readonly #keys: KeyRing;
  readonly #checkpoints: CheckpointCheck;
  readonly #index: IndexCheck | undefined;
  readonly #files: FilesCheck;
  readonly #holds: HoldsCheck;
  readonly #notProven: string[] = [];
  #done = 0;
  #total = 0;

  constructor(archive: Archive, options: VerifyOptions, id: string) {
    this.#archive = archive;
    this.#options = options;
    this.#id = id;
    this.#isRange = (options.from ?? 1) > 1 || options.to !== undefined;
    this.#keys = new KeyRing(id, options.publicKeys ?? [], this.#findings);
    this.#checkpoints = new CheckpointCheck(id, this.#keys, this.#findings);
    this.#index = options.index === true ? new IndexCheck(archive, this.#findings) : undefined;
    this.#files = new FilesCheck(archive, this.#findings);
    this.#holds = new HoldsCheck(archive.database, this.#findings);
  }

  async run(): Promise<Omit<VerifyReport, 'seconds'>> {
    const { database } = this.#archive;
    const findings = this.#findings;
    if (this.#id === '') {
      findings.add('removed', undefined, 'meta.archive', 'the archive has no identity');
    }
    const head = await readHead(database);
    const chain = await this.#chain(head);
    const { first } = chain;
    const { sequence: last, hash } = chain.check;
    if (this.#options.to === undefined) await this.#checkHead(head, chain.check);
    let conversations: number | undefined;
    let files: number | undefined;
    if (!this.#isRange) {
      await checkTables(database, this.#keys, findings);
      conversations = await checkConversations(this.#archive, findings, () => this.#pause());
      await this.#holds.end();
      files = await this.#files.end(this.#options.files === true);
    }
    await this.#index?.end(!this.#isRange);
    await this.#outside(last);
    const { last: signed, count } = this.#checkpoints;
    const trust = this.#trust(signed);
    this.#tellNotProven(first, last, trust);
    return {
      archive: this.#id,
      where: database.where,
      first,
      last,
      hash: Buffer.from(hash).toString('hex'),
      counts: this.#counts,
      checkpoints: count,
      signed,
      trust,
      key: signed?.key ?? this.#keys.current,
      conversations,
      indexed: this.#index?.checked,
      files,
      clean: findings.total === 0,
      firstBreak: findings.first,
      breaks: findings.total,
      breaksByKind: Object.fromEntries(findings.counts),
      listed: findings.listed,
      notProven: this.#notProven,
    };
  }

  async #chain(head: Head): Promise<{ readonly first: number; readonly check: ChainCheck }> {
    const { database } = this.#archive;
    const { from = 1, to = Number.MAX_SAFE_INTEGER } = this.#options;
    const findings = this.#findings;
    const start = from > 1 ? await trustedStart(database, from, this.#keys, this.#id) : undefined;
    const first = start?.sequence ?? 1;
    const chain = new ChainCheck(first - 1, start?.before ?? NO_HASH, findings);
    this.#purges.startAt(first);
    this.#erasures.startAt(first);
    const anchors = new Map(this.#options.anchors?.map(({ sequence, hash }) => [sequence, hash]));
    const verifier = new RecordVerifier({
      ...{ findings, chain, keys: this.#keys, checkpoints: this.#checkpoints },
      ...{ counts: this.#counts, purges: this.#purges, erasures: this.#erasures },
      onRecord: (row, envelope) => this.#tables(row, envelope),
    });
    // Twice over the records, where all is verified: in their order, and by conversation.
    const records = Math.max(0, Math.min(to, head.sequence) - first + 1);
    this.#total = this.#isRange ? records : 2 * records;
    for await (const row of verifyRows(database, first, to)) {
      const later = verifier.add(row);
      if (later !== undefined) await later;
      this.#anchor(anchors, row.sequence, row.hash);
      this.#pause();
    }
    chain.end();
    this.#checkpoints.end();
    const unjudged =
      this.#purges.end(chain.sequence, this.#isRange) +
      this.#erasures.end(chain.sequence, this.#isRange);
    if (unjudged > 0) {
      this.#notProven.push(
        `${counted(unjudged, 'absence')} in this range: the records that tell why are outside of it.`,
      );
    }
    for (const [sequence] of anchors) {
      if (sequence >= first && sequence <= to) {
        findings.add(
          'truncated',
          sequence,
          'record',
          'it was written down elsewhere, and is missing',
        );
      } else this.#notProven.push(`Record ${sequence}, written down elsewhere: out of this range.`);
    }
    return { first, check: chain };
  }

  /** What audit records say of other tables; those are compared as a whole. */
  #tables(row: VerifyRow, envelope: Envelope): void | Promise<void> {
    const { audit } = envelope;
    if (audit === undefined) return this.#index?.add(row, envelope);
    if (this.#isRange) return;
    if (audit.action === 'keep-file') return this.#files.add(row.sequence, audit);
    if (audit.action === 'hold' || audit.action === 'release') {
      return this.#holds.add(row.sequence, audit);
    }
  }

  #anchor(anchors: Map<number, string>, sequence: number, hash: Uint8Array): void {
    const expected = anchors.get(sequence);
    if (expected === undefined) return;
    anchors.delete(sequence);
    if (Buffer.from(hash).toString('hex') === expected) return;
    const text = 'it, or what was before it, is not what was written down elsewhere';
    this.#findings.add('changed', sequence, 'record', text);
  }

  /** `before`: as it stood when verifying began; others may have appended since. */
  async #checkHead(before: Head, chain: ChainCheck): Promise<void> {
    const after = await readHead(this.#archive.database);
    if (chain.sequence < before.sequence) {
      this.#findings.add(
        'truncated',
        chain.sequence + 1,
        'record',
        `meta.head says that ${before.sequence} was the last record, and ${chain.sequence} is: the end was cut off`,
      );
    } else if (chain.sequence > after.sequence) {
      this.#findings.add(
        'inserted',
        after.sequence + 1,
        'record',
        `meta.head says that ${after.sequence} is the last record, and there are more`,
      );
    } else if (
      chain.sequence === before.sequence &&
      Buffer.compare(chain.hash, before.hash) !== 0
    ) {
      const text = 'the hash that stands there is not that of the last record';
      this.#findings.add('changed', before.sequence, 'meta.head', text);
    }
  }

  async #outside(last: number): Promise<void> {
    const { target } = this.#archive;
    const path = this.#options.checkpoints ?? homePaths(target).checkpoints;
    if (this.#options.checkpoints === undefined && !existsSync(path)) {
      if (existsSync(homePaths(target).signingKey) && this.#checkpoints.count > 0) {
        const text = 'the file is gone, and the signing key is there';
        this.#findings.add('removed', undefined, 'checkpoints.jsonl', text);
      } else {
        this.#notProven.push(
          'That the end was not cut off, and that this is no older copy: there is no checkpoints.jsonl to compare with (--archive-home, --checkpoints FILE).',
        );
      }
      return;
    }
    if (this.#isRange) {
      this.#notProven.push(
        'The checkpoints outside of the database: only compared with the whole.',
      );
      return;
    }
    const { lacking } = await this.#compareOutside(path, last);
    if (lacking > 0) {
      this.#notProven.push(
        `${counted(lacking, 'checkpoint')} at the end: not yet in checkpoints.jsonl, which is brought up to date when the archive is next opened to be written.`,
      );
    }
  }

  async #compareOutside(path: string, last: number) {
    try {
      return await checkOutside({
        ...{ path, archive: this.#id, last, database: this.#archive.database },
        ...{ keys: this.#keys, findings: this.#findings },
      });
    } catch (error) {
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      throw new ArchiveError(`${path}: cannot be read: ${why}`);
    }
  }

  #trust(signed: Signed | undefined): Trust {
    if ((this.#options.publicKeys ?? []).length > 0) return signed === undefined ? 'none' : 'given';
    const { publicKey } = homePaths(this.#archive.target);
    if (existsSync(publicKey)) {
      const { fingerprint } = PublicKey.fromFile(publicKey);
      if (fingerprint === this.#keys.current) return signed === undefined ? 'none' : 'home';
      if (this.#keys.current !== undefined) {
        const text = `it is ${brief(fingerprint)}, and the record tells of ${brief(this.#keys.current)}`;
        this.#findings.add('forged', undefined, 'signing.pub.pem', text);
      }
    }
    return signed === undefined ? 'none' : 'archive';
  }

  #tellNotProven(first: number, last: number, trust: Trust): void {
    const { signed } = { signed: this.#checkpoints.last };
    const { from = 1 } = this.#options;
    if (first > 1) {
      this.#notProven.push(
        `What is before record ${first}: that checkpoint's signature stands for it.`,
      );
    } else if (from > 1) {
      this.#notProven.push(
        `(No checkpoint stands before record ${from}: verified from the first.)`,
      );
    }
    const after = last - ((signed?.upTo ?? 0) + 1);
    if (signed === undefined && last > 0) {
      this.#notProven.push(
        'Who wrote it: nothing is signed, so all of it could have been made anew.',
      );
    } else if (after > 0) {
      this.#notProven.push(
        `${counted(after, 'record')} after the last checkpoint: chained, and not signed yet.`,
      );
    }
    if (trust === 'archive') {
      this.#notProven.push(
        'Who signed it: the key is taken from the archive itself. Bring a copy of signing.pub.pem from elsewhere: --public-key FILE.',
      );
    } else if (trust === 'home') {
      this.#notProven.push(
        'That nobody who can write to the home folder has made all of it anew: for this, bring a copy of signing.pub.pem (--public-key) or of checkpoints.jsonl (--checkpoints) from elsewhere.',
      );
    }
  }

  /** Throws the reason of the signal. */
  #pause(): void {
    this.#done += 1;
    if (this.#done % PROGRESS !== 0) return;
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(Math.min(this.#done, this.#total), this.#total);
  }
}
