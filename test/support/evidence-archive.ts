/**
 * A small archive with everything in it that verify looks at: two writers, rooms, repeated legs, tags, refusals,
 * metadata alone, audit and ledger records, a purge, an erasure, a kept file, checkpoints, a new signing key.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { ArchiveDatabase, RecordDraft } from '../../appliance/archive/contract.ts';
import { auditDraft } from '../../appliance/archive/evidence/audit-draft.ts';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { FileStore } from '../../appliance/archive/files/file-store.ts';
import { readPieces } from '../../appliance/archive/files/read-pieces.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { leafOf } from '../../appliance/archive/record/chain.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { absenceOf } from '../../appliance/archive/retention/absence.ts';
import { makeHold, releaseHold } from '../../appliance/archive/retention/holds.ts';
import { type ArchiveTarget, homePaths } from '../../appliance/archive/target.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import { ImEvent, type VerdictRecord } from '../../src/event/event.ts';

const START = Date.UTC(2026, 10, 25, 9) * 1000;
const FLOW = { transport: 'tcp', client: '10.0.0.5:40123', server: '192.0.2.1:5222' } as const;
/** Octets of the file that is kept. */
const FILE = Buffer.from('the plan for next year');

let made = 0;

function event(kind: ImEvent['kind'], minute: number, more: Partial<ImEvent> = {}): string {
  const one = new ImEvent(kind);
  made += 1;
  one.time = START + minute * 60e6 + made;
  one.id = `0192f0c4-7700-7000-8000-${String(made).padStart(12, '0')}`;
  one.service = 'xmpp';
  one.protocol = 'xmpp';
  one.flow = { id: 'flow-1', ...FLOW };
  one.origin = 'client';
  one.account = 'alice@example.com';
  return encodeEvent(Object.assign(one, more));
}

function say(text: string, minute: number, more: Partial<ImEvent> = {}): string {
  return event('message', minute, {
    ...{ from: 'alice@example.com', to: ['bob@example.com'], text, person: 'Alice' },
    ...more,
  });
}

function lines(): string[] {
  const dropped = {
    action: 'drop',
    enforced: true,
    rule: 'no-secrets',
    tags: ['dlp', 'secret'],
    matched: ['text has: secret'],
  } as const satisfies VerdictRecord;
  const heard = {
    origin: 'server',
    account: 'bob@example.com',
    flow: { id: 'flow-2', ...FLOW },
  } as const;
  return [
    event('session.login', 0),
    say('good morning', 1),
    say('good morning', 1, heard),
    say('a secret', 2, { verdict: dropped }),
    say('to all', 3, { room: 'ops@rooms.example.com', to: undefined, route: 'room' }),
    say('not to be kept', 4, { verdict: { action: 'pass', enforced: true, archive: 'metadata' } }),
    event('file.offer', 5, {
      ...{ from: 'alice@example.com', to: ['bob@example.com'] },
      file: { name: 'plan.xls', size: FILE.length, token: 't1', method: 'ibb' },
    }),
    event('file.complete', 6, {
      ...{ from: 'alice@example.com', to: ['bob@example.com'] },
      file: { name: 'plan.xls', size: FILE.length, token: 't1', sha256: digest(FILE) },
    }),
    event('presence', 7, { state: 'away', status: 'lunch' }),
    say('to be purged', 8),
    say('to be purged too', 8),
    say('to be erased', 9),
  ];
}

export async function append(archive: Archive, drafts: readonly string[]): Promise<void> {
  const read = new EventDrafts();
  await new Appender(archive).append(drafts.flatMap((line) => read.read(line) ?? []));
}

/** Makes it, and leaves it open. */
export async function evidenceArchive(target: ArchiveTarget): Promise<Archive> {
  made = 0;
  mkdirSync(dirname(target.home), { recursive: true });
  const archive = await openArchive(target, { create: true });
  const signer = await Signer.open(archive);
  await append(archive, lines());
  await signer.checkpoint();
  const second = await openArchive(target);
  const ledger: RecordDraft = {
    kind: 'ledger',
    ledger: {
      ...{ what: 'dropped', why: 'the ring was full', counts: { packets: 3 } },
      ...{ from: '2026-11-25T09:04:00.000000Z', to: '2026-11-25T09:04:10.000000Z' },
    },
  };
  await new Appender(second).append([ledger, auditDraft('search', { text: 'plan' }, 'case 17')]);
  await second.close();
  await append(archive, [
    say('and again', 20),
    say('and so on', 21, { to: ['carol@example.com'] }),
  ]);
  await keepFile(archive);
  await hold(archive);
  await signer.checkpoint();
  await purge(archive, ['to be purged', 'to be purged too']);
  await erase(archive, 'to be erased');
  await signer.checkpoint();
  await append(archive, [say('after all', 30), say('the end', 31)]);
  return archive;
}

async function keepFile(archive: Archive): Promise<void> {
  const { database, target } = archive;
  const sha256 = digest(FILE);
  const [row] = await database.rows<{ sequence: number }>(
    "SELECT sequence FROM record WHERE event = 'file.complete'",
  );
  const record = row?.sequence ?? 0;
  const { files, parent } = homePaths(target);
  mkdirSync(parent, { recursive: true });
  const source = `${target.home}.incoming`;
  writeFileSync(source, FILE);
  const stored = await new FileStore(files).put(readPieces(source), sha256, FILE.length);
  if (!stored) throw new Error('not stored');
  await database.transaction(async (within) => {
    const size = FILE.length;
    await within.insert('file', ['sha256', 'size', 'stored'], [[sha256, size, START]]);
    await within.insert('transfer', ['sequence', 'sha256', 'state'], [[record, sha256, 'kept']]);
    const details = { record, state: 'kept', size, sha256 };
    await new Appender(archive).within(within, [auditDraft('keep-file', details)]);
  });
}

async function hold(archive: Archive): Promise<void> {
  const query = { person: ['Alice'] };
  await makeHold(archive, 'case 17', query);
  await makeHold(archive, 'case 16', query);
  await releaseHold(archive, 'case 16');
}

interface Found {
  readonly sequence: number;
  readonly envelope: Uint8Array;
  readonly hash: Uint8Array;
  readonly conversation: number;
}

async function said(database: ArchiveDatabase, texts: readonly string[]): Promise<Found[]> {
  const rows = await database.rows<Found & { readonly content: Uint8Array | null }>(
    'SELECT sequence, envelope, hash, conversation, content FROM record ORDER BY sequence',
  );
  return rows.filter(({ content }) =>
    texts.some((text) => content !== null && Buffer.from(content).includes(`"text":"${text}"`)),
  );
}

function named(found: readonly Found[]) {
  return absenceOf(
    found.map(({ sequence, envelope }) => ({ sequence, leaf: leafOf(sequence, envelope) })),
  );
}

/** As retention does it: written out here, so that the test knows nothing but the format. */
async function purge(archive: Archive, texts: readonly string[]): Promise<void> {
  await archive.database.transaction(async (database) => {
    const found = await said(database, texts);
    const { last } = await new Appender(archive).within(database, [
      auditDraft('purge', { ...named(found), rule: 'after 1 day' }),
    ]);
    for (const { sequence, envelope, hash, conversation } of found) {
      await database.insert(
        'tombstone',
        ['sequence', 'leaf', 'hash', 'purge'],
        [[sequence, leafOf(sequence, envelope), hash, last]],
      );
      await database.unindex([sequence]);
      await database.run('DELETE FROM record WHERE sequence = ?', sequence);
      await database.run(
        'UPDATE conversation SET messages = messages - 1, events = events - 1 WHERE id = ?',
        conversation,
      );
      await database.run(
        'UPDATE participant SET messages = messages - 1 WHERE conversation = ? AND messages > 0',
        conversation,
      );
    }
  });
}

async function erase(archive: Archive, text: string): Promise<void> {
  await archive.database.transaction(async (database) => {
    const found = await said(database, [text]);
    const { last } = await new Appender(archive).within(database, [
      auditDraft('erase', { ...named(found), person: 'Alice' }),
    ]);
    for (const { sequence } of found) {
      await database.run('UPDATE record SET content = NULL WHERE sequence = ?', sequence);
      await database.unindex([sequence]);
      await database.insert('erasure', ['sequence', 'erasure'], [[sequence, last]]);
    }
  });
}

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
