/**
 * Proves that the record is what was written, or names the first place where it is not: every hash, every
 * signature, every column that is searched by, every absence, and what stands outside of the database.
 */
import { setImmediate as immediately } from 'node:timers/promises';
import { counted } from '../../../report/amounts.ts';
import type { Archive } from '../../archive.ts';
import { ArchiveError } from '../../archive-error.ts';
import type { Envelope } from '../../contract.ts';
import { NO_HASH } from '../../record/chain.ts';
import { type Head, readHead } from '../../record/head.ts';
import { readMeta } from '../../record/meta.ts';
import { Absences } from './absences.ts';
import { ChainCheck } from './chain-check.ts';
import { ConversationsCheck } from './check-conversations.ts';
import { FilesCheck } from './check-files.ts';
import { HoldsCheck } from './check-holds.ts';
import { IndexCheck } from './check-index.ts';
import { checkStorage } from './check-storage.ts';
import { checkTables } from './check-tables.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import { ClockCheck } from './clock-check.ts';
import { Findings } from './findings.ts';
import { KeyRing } from './key-ring.ts';
import { notProven } from './not-proven.ts';
import { compareOutside, type OutsideFacts, trustIn } from './outside-proof.ts';
import { type VerifyRow, verifyRows } from './record-stream.ts';
import { trustedStart } from './trusted-start.ts';
import { noCounts, RecordVerifier } from './verify-records.ts';
import type { VerifyOptions, VerifyReport } from './verify-report.ts';

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
  readonly #conversations: ConversationsCheck;
  readonly #clock = new ClockCheck();
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
    this.#conversations = new ConversationsCheck(archive, this.#findings);
  }

  async run(): Promise<Omit<VerifyReport, 'seconds'>> {
    const { database } = this.#archive;
    const findings = this.#findings;
    if (this.#id === '') {
      findings.add('removed', undefined, 'meta.archive', 'the archive has no identity');
    }
    if (!this.#isRange) await checkStorage(database, findings);
    const head = await readHead(database);
    const chain = await this.#chain(head);
    const { first } = chain;
    const { sequence: last, hash } = chain.check;
    if (this.#options.to === undefined) await this.#checkHead(head, chain.check);
    let conversations: number | undefined;
    let files: number | undefined;
    if (!this.#isRange) {
      await checkTables(database, this.#keys, findings);
      conversations = await this.#conversations.end(() => this.#pause());
      await this.#holds.end();
      files = await this.#files.end(this.#options.files === true);
    }
    await this.#index?.end(!this.#isRange);
    const { last: signed, count } = this.#checkpoints;
    const outside: OutsideFacts = {
      ...{ archive: this.#archive, id: this.#id, options: this.#options, isRange: this.#isRange },
      ...{ keys: this.#keys, findings, last, checkpoints: count },
    };
    this.#notProven.push(...(await compareOutside(outside)));
    const trust = trustIn(signed, outside);
    const { from = 1 } = this.#options;
    this.#notProven.push(...notProven({ from, first, last, signed, trust, clock: this.#clock }));
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
    this.#total = Math.max(0, Math.min(to, head.sequence) - first + 1);
    if (!this.#isRange) await this.#conversations.begin();
    for await (const row of verifyRows(database, first, to)) {
      const later = verifier.add(row);
      if (later !== undefined) await later;
      this.#anchor(anchors, row.sequence, row.hash);
      if (this.#pause()) {
        await immediately();
        this.#options.signal?.throwIfAborted();
      }
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
    const { audit, at } = envelope;
    this.#clock.add(row.sequence, at);
    if (audit === undefined) return this.#event(row, envelope);
    if (this.#isRange) return;
    if (audit.action === 'keep-file') return this.#files.add(row.sequence, audit);
    if (audit.action === 'hold' || audit.action === 'release') {
      return this.#holds.add(row.sequence, audit);
    }
  }

  #event(row: VerifyRow, envelope: Envelope): void | Promise<void> {
    const { conversation, time } = row;
    const counted =
      conversation === null || this.#isRange
        ? undefined
        : this.#conversations.add(conversation, time, envelope);
    if (counted === undefined) return this.#index?.add(row, envelope);
    return counted.then(() => this.#index?.add(row, envelope));
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

  /** True: signals are to be let in, which SQLite alone never does. Throws the reason of the signal. */
  #pause(): boolean {
    this.#done += 1;
    if (this.#done % PROGRESS !== 0) return false;
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(Math.min(this.#done, this.#total), this.#total);
    return true;
  }
}
