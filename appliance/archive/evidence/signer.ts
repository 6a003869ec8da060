/**
 * Signs the end of the chain. A checkpoint is a record itself, appended in the transaction that reads what it
 * signs; when that is done, it is written to `checkpoints.jsonl` as well.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import { systemErrorText } from '../../cli/user-error.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, Checkpoint, RecordDraft } from '../contract.ts';
import { Appender } from '../record/appender.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { type Head, takeHead } from '../record/head.ts';
import { putMeta, readMeta } from '../record/meta.ts';
import { homePaths } from '../target.ts';
import { auditDraft } from './audit-draft.ts';
import { checkpointText } from './checkpoint-text.ts';
import {
  appendCheckpoints,
  beginCheckpoints,
  type CheckpointLine,
  lastCheckpoint,
} from './checkpoints-file.ts';
import {
  completeSigningKey,
  loadSigningKey,
  openSigningKey,
  type SigningKey,
} from './signing-key.ts';
import type { SigningKeyDetails } from './signing-key-details.ts';

/** In `meta`: fingerprint of the key that signs now. */
export const SIGNING_KEY = 'signing-key';

/**
 * In `meta`: fingerprint of the key that will sign first, from when an archive is opened to be written until that
 * is in the record. So a second home with another key is refused when it opens the archive, not an hour later.
 */
const FIRST_KEY = 'first-signing-key';

/** Lines written at once when the file is brought up to date. */
const AT_ONCE = 1000;

export class Signer {
  readonly #archive: Archive;
  readonly #id: string;
  #key: SigningKey;
  /** The last one signed, as far as this process knows. */
  #last: CheckpointLine | undefined;
  #refusal: string | undefined;

  private constructor(archive: Archive, id: string, key: SigningKey) {
    this.#archive = archive;
    this.#id = id;
    this.#key = key;
  }

  /**
   * With the key of the home folder, which is made at first use. Rejects with ArchiveError: the key cannot be
   * read, or another one signs this archive.
   */
  static async open(archive: Archive): Promise<Signer> {
    const { database, target } = archive;
    const id = await archiveId(database);
    const current =
      (await readMeta(database, SIGNING_KEY)) ?? (await readMeta(database, FIRST_KEY));
    const key =
      current === undefined
        ? await firstKey(archive, openSigningKey(target))
        : theKey(archive, current);
    const signer = new Signer(archive, id, key);
    await signer.#catchUp();
    return signer;
  }

  /** SHA-256 of the public key's SPKI, hex. */
  get fingerprint(): string {
    return this.#key.fingerprint;
  }

  /**
   * Why nothing is signed any more: the record is not what was signed last. To sign what somebody changed would
   * make it look sound. It goes on being recorded, unsigned.
   */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Signs what was recorded since; undefined: that is nothing, or see `refusal`. Rejects with ArchiveError. */
  async checkpoint(): Promise<CheckpointLine | undefined> {
    return this.#write([], false);
  }

  /** Appends records and signs them with all that was before them. Rejects with ArchiveError. */
  async append(drafts: readonly RecordDraft[]): Promise<CheckpointLine | undefined> {
    return this.#write(drafts, true);
  }

  /**
   * Appends records and a checkpoint within a transaction that is open. What it resolves with is to be given to
   * `written` once the transaction is done.
   */
  async within(
    database: ArchiveDatabase,
    drafts: readonly RecordDraft[],
  ): Promise<CheckpointLine | undefined> {
    await this.#compareLast(database);
    const introduction = this.#refusal === undefined ? await this.#introduction(database) : [];
    const all = [...introduction, ...drafts];
    if (all.length > 0) await new Appender(this.#archive).within(database, all);
    if (this.#refusal !== undefined) return undefined;
    return this.#sign(database, await takeHead(database));
  }

  /** Writes the checkpoint to the file outside. */
  written(line: CheckpointLine | undefined): void {
    if (line === undefined) return;
    this.#last = line;
    const { checkpoints } = homePaths(this.#archive.target);
    try {
      appendCheckpoints(checkpoints, [line]);
    } catch (error) {
      const why = systemErrorText(error) ?? String(error);
      throw new ArchiveError(`${checkpoints}: the checkpoint cannot be written: ${why}`);
    }
  }

  async #write(
    drafts: readonly RecordDraft[],
    always: boolean,
  ): Promise<CheckpointLine | undefined> {
    const line = await this.#archive.database.transaction(async (database) => {
      if (!always && !(await isUnsigned(database))) return undefined;
      return this.within(database, drafts);
    });
    this.written(line);
    return line;
  }

  /** What was signed last must be there still, in the place that it had. */
  async #compareLast(database: ArchiveDatabase): Promise<void> {
    if (this.#last === undefined || this.#refusal !== undefined) return;
    const { upTo, hash, at } = this.#last;
    const [row] = await database.rows<{ hash: Uint8Array }>(
      `SELECT hash FROM record WHERE sequence = ?
       UNION ALL SELECT hash FROM tombstone WHERE sequence = ?`,
      upTo,
      upTo,
    );
    if (row !== undefined && Buffer.from(row.hash).toString('hex') === hash) return;
    this.#refusal = `record ${upTo} is not what was signed at ${at}: nothing is signed until this is cleared up (sallyport archive verify)`;
  }

  /** The first checkpoint of a key is preceded by the record that tells of it. */
  async #introduction(database: ArchiveDatabase): Promise<RecordDraft[]> {
    const current = await readMeta(database, SIGNING_KEY);
    if (current === this.#key.fingerprint) return [];
    if (current !== undefined) {
      // Another process put a new key in its place.
      this.#key = theKey(this.#archive, current);
      return [];
    }
    await putMeta(database, SIGNING_KEY, this.#key.fingerprint);
    const { fingerprint, spki } = this.#key.publicKey;
    const details: SigningKeyDetails = { key: 'signing', what: 'made', fingerprint, public: spki };
    return [auditDraft('key', { ...details })];
  }

  async #sign(database: ArchiveDatabase, head: Head): Promise<CheckpointLine> {
    const now = Date.now() * 1000;
    const at = rfc3339(now);
    const signed = {
      archive: this.#id,
      upTo: head.sequence,
      hash: Buffer.from(head.hash).toString('hex'),
    };
    const checkpoint: Checkpoint = {
      ...signed,
      key: this.#key.fingerprint,
      signature: this.#key.sign(checkpointText(signed, at)),
    };
    // The envelope's `at` is the time that was signed.
    const appender = new Appender(this.#archive, { now: () => now });
    await appender.within(database, [{ kind: 'checkpoint', checkpoint }]);
    return { ...checkpoint, at };
  }

  /** Checkpoints that the file lacks, since a process ended between the database and the file. */
  async #catchUp(): Promise<void> {
    const { checkpoints } = homePaths(this.#archive.target);
    try {
      completeSigningKey(this.#archive.target, this.#key);
      // Before anything is signed: a process that is killed between the first signature and its line here would
      // leave an archive that looks as if somebody had taken the file away.
      beginCheckpoints(checkpoints);
      const last = lastCheckpoint(checkpoints);
      let lines: CheckpointLine[] = [];
      const rows = this.#archive.database.each<{ envelope: Uint8Array }>(
        `SELECT envelope FROM record WHERE kind = 'checkpoint' AND sequence > ? ORDER BY sequence`,
        last === undefined ? 0 : last.upTo + 1,
      );
      for await (const { envelope } of rows) {
        const { at, checkpoint } = decodeEnvelope(envelope);
        if (checkpoint !== undefined) lines.push({ ...checkpoint, at });
        if (lines.length < AT_ONCE) continue;
        appendCheckpoints(checkpoints, lines);
        lines = [];
      }
      appendCheckpoints(checkpoints, lines);
      this.#last = lastCheckpoint(checkpoints);
    } catch (error) {
      const why = systemErrorText(error) ?? String(error);
      throw new ArchiveError(`${checkpoints}: cannot be brought up to date: ${why}`);
    }
  }
}

async function archiveId(database: ArchiveDatabase): Promise<string> {
  const id = await readMeta(database, 'archive');
  if (id !== undefined) return id;
  throw new ArchiveError(`${database.where}: the archive has no identity`);
}

/** `key` is to sign first. Rejects with ArchiveError where another process was here before with another one. */
async function firstKey(archive: Archive, key: SigningKey): Promise<SigningKey> {
  const first = await archive.database.transaction(async (database) => {
    const known = await readMeta(database, FIRST_KEY);
    if (known === undefined) await putMeta(database, FIRST_KEY, key.fingerprint);
    return known;
  });
  return first === undefined ? key : theKey(archive, first);
}

function theKey({ target }: Archive, fingerprint: string): SigningKey {
  const { signingKey } = homePaths(target);
  const key = loadSigningKey(signingKey);
  if (key?.fingerprint === fingerprint) return key;
  throw new ArchiveError(
    `${signingKey}: ${key === undefined ? 'there is no signing key' : 'is another signing key'}: this archive is signed with ${fingerprint.slice(0, 16)}`,
    'Name the home folder that belongs to the archive (--archive-home, archive.home). A second gateway needs an archive of its own.',
  );
}

/** The last record is no checkpoint. */
async function isUnsigned(database: ArchiveDatabase): Promise<boolean> {
  const { sequence } = await takeHead(database);
  const [row] = await database.rows<{ kind: string }>(
    'SELECT kind FROM record WHERE sequence = ?',
    sequence,
  );
  return sequence > 0 && row?.kind !== 'checkpoint';
}
