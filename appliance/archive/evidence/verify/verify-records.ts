/** The chain, record by record, in constant memory: hashes, columns, content, absences, signatures. */
import type { AuditEntry, Envelope, RecordKind } from '../../contract.ts';
import { RECORD_KINDS } from '../../contract.ts';
import { contentDigest } from '../../record/chain.ts';
import { decodeEnvelope } from '../../record/envelope.ts';
import type { Absences } from './absences.ts';
import type { ChainCheck } from './chain-check.ts';
import { checkColumns } from './check-columns.ts';
import type { CheckpointCheck } from './checkpoint-check.ts';
import type { Findings } from './findings.ts';
import type { KeyRing } from './key-ring.ts';
import type { VerifyRow } from './record-stream.ts';

/** Events to whose records kept files are tied. */
const FILE_KINDS: ReadonlySet<unknown> = new Set(['file.start', 'file.complete']);

export interface RecordCounts {
  readonly kinds: Record<RecordKind, number>;
  /** Tombstones. */
  purged: number;
  /** Content that is there and has its digest. */
  contents: number;
  /** Content that was erased. */
  erased: number;
  /** Microseconds; undefined before the first record. */
  firstTime: number | undefined;
  lastTime: number | undefined;
}

export function noCounts(): RecordCounts {
  return {
    kinds: Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 0])) as Record<RecordKind, number>,
    purged: 0,
    contents: 0,
    erased: 0,
    firstTime: undefined,
    lastTime: undefined,
  };
}

export interface RecordChecks {
  readonly findings: Findings;
  readonly chain: ChainCheck;
  readonly keys: KeyRing;
  readonly checkpoints: CheckpointCheck;
  readonly purges: Absences;
  readonly erasures: Absences;
  readonly counts: RecordCounts;
  /** Told of each record that can be read, after it was judged. */
  readonly onRecord: (row: VerifyRow, envelope: Envelope) => void | Promise<void>;
}

export class RecordVerifier {
  readonly #checks: RecordChecks;
  #last = 0;

  constructor(checks: RecordChecks) {
    this.#checks = checks;
  }

  /** In ascending order of sequence. May have to be waited for. */
  add(row: VerifyRow): void | Promise<void> {
    const { findings, chain, counts, purges, erasures } = this.#checks;
    const { sequence, purge, hash, leaf } = row;
    if (sequence === this.#last) {
      // One number twice: a tombstone beside a record that is there, or the other way round.
      findings.add(
        'forged',
        sequence,
        'tombstone',
        'a tombstone stands where the record is as well',
      );
      return;
    }
    this.#last = sequence;
    const before = chain.hash;
    const isTomb = row.envelope === null;
    const ownLeaf = chain.add({
      sequence,
      envelope: row.envelope ?? undefined,
      leaf: leaf ?? undefined,
      hash,
    });
    if (row.erasure !== null) erasures.add(sequence, row.erasure, ownLeaf);
    if (isTomb) {
      counts.purged += 1;
      purges.add(sequence, purge ?? 0, ownLeaf);
      if (row.tags !== null) {
        findings.add('inserted', sequence, 'record_tag', 'a purged record has tags');
      }
      return;
    }
    const envelope = this.#envelope(row);
    if (envelope === undefined) return;
    checkColumns(row, envelope, findings);
    this.#content(row, envelope);
    this.#count(row, envelope);
    if (envelope.audit !== undefined) this.#audit(sequence, envelope.audit);
    if (envelope.checkpoint !== undefined) {
      this.#checks.checkpoints.add(sequence, envelope.at, envelope.checkpoint, {
        hash: before,
        breaks: chain.breaks,
      });
    }
    return this.#checks.onRecord(row, envelope);
  }

  #envelope(row: VerifyRow): Envelope | undefined {
    try {
      const envelope = decodeEnvelope(row.envelope ?? new Uint8Array());
      const isKnown = (RECORD_KINDS as readonly string[]).includes(envelope.kind);
      // What is said twice, as an audit record would be in an event, must not be believed.
      const members = RECORD_KINDS.filter((kind) => envelope[kind] !== undefined);
      if (isKnown && members.length === 1 && members[0] === envelope.kind) return envelope;
    } catch {
      // Told below.
    }
    this.#checks.findings.add(
      'changed',
      row.sequence,
      'record.envelope',
      'it is no envelope that Sallyport writes',
    );
    return undefined;
  }

  #content({ sequence, content, erasure }: VerifyRow, envelope: Envelope): void {
    const { findings, counts } = this.#checks;
    if (envelope.content === undefined) {
      if (content !== null) {
        findings.add('inserted', sequence, 'record.content', 'the record says it has no content');
      }
      // A file of it may have been kept, and that was erased.
      if (erasure !== null && !FILE_KINDS.has(envelope.event?.kind)) {
        findings.add('forged', sequence, 'erasure', 'the record never had a content to erase');
      }
    } else if (content === null) {
      counts.erased += 1;
      if (erasure === null) {
        findings.add(
          'removed',
          sequence,
          'record.content',
          'its content is gone, and no erasure tells why',
        );
      }
    } else if (contentDigest(content) !== envelope.content) {
      findings.add(
        'changed',
        sequence,
        'record.content',
        'it has not the digest that the record names',
      );
    } else {
      counts.contents += 1;
      if (erasure !== null) {
        findings.add(
          'forged',
          sequence,
          'erasure',
          'its content is said to be erased, and is there',
        );
      }
    }
  }

  #count(row: VerifyRow, { kind }: Envelope): void {
    const { counts } = this.#checks;
    counts.kinds[kind] += 1;
    if (kind !== 'event') return;
    counts.firstTime = Math.min(counts.firstTime ?? row.time, row.time);
    counts.lastTime = Math.max(counts.lastTime ?? row.time, row.time);
  }

  #audit(sequence: number, audit: AuditEntry): void {
    const { keys, purges, erasures } = this.#checks;
    if (audit.action === 'purge') purges.close(sequence, audit.details);
    else if (audit.action === 'erase') erasures.close(sequence, audit.details);
    else if (audit.action === 'key') keys.introduce(sequence, audit);
  }
}
