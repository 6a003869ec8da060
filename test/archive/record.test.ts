/** What appending makes of events: threads, parties, repetitions, and a chain that two may append to. */
import { afterEach, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { appendAudit } from '../../appliance/archive/record/append-audit.ts';
import { Appender, SPOOL } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { decodeEnvelope } from '../../appliance/archive/record/envelope.ts';
import { readMeta } from '../../appliance/archive/record/meta.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { expectChain } from './chain-check.ts';

const START = Date.UTC(2026, 10, 26, 8) * 1000;
const MINUTE = 60e6;
const HOUR = 60 * MINUTE;

interface Said {
  /** Microseconds after START. */
  readonly after?: number;
  readonly [member: string]: unknown;
}

let made = 0;
function event({ after = 0, ...members }: Said = {}): string {
  made += 1;
  return JSON.stringify({
    ...{ v: 1, id: `event-${made}`, ts: rfc3339(START + after), kind: 'message' },
    ...{ service: 'xmpp', protocol: 'xmpp', visibility: 'content' },
    ...{
      flow: { id: 'flow-1', transport: 'tcp', client: '10.0.0.5:40000', server: '192.0.2.1:5222' },
    },
    ...{
      origin: 'client',
      account: 'alice@x',
      from: 'alice@x',
      to: ['bob@x'],
      text: `words ${made}`,
    },
    ...members,
  });
}
const rfc3339 = (time: number) =>
  `${new Date(Math.floor(time / 1000)).toISOString().slice(0, 23)}${String(time % 1000).padStart(3, '0')}Z`;

const flow = (id: string) => ({ flow: { id, transport: 'tcp', client: 'a:1', server: 'b:2' } });
const drafted = (lines: readonly string[]) => {
  const drafts = new EventDrafts();
  return lines.flatMap((line) => drafts.read(line) ?? []);
};

interface Conversation {
  readonly id: number;
  readonly room: string | null;
  readonly started: number;
  readonly ended: number;
  readonly messages: number;
  readonly files: number;
  readonly events: number;
  readonly refused: number;
}
const conversations = ({ database }: Archive) =>
  database.rows<Conversation>(
    'SELECT id, room, started, ended, messages, files, events, refused FROM conversation ORDER BY id',
  );
const participants = ({ database }: Archive, conversation = 1) =>
  database.rows<{ address: string; messages: number }>(
    `SELECT party.address AS address, participant.messages AS messages FROM participant
     JOIN party ON party.id = participant.party WHERE conversation = ? ORDER BY party.address`,
    conversation,
  );
const repeats = async ({ database }: Archive) =>
  (await database.rows<{ repeat: number }>('SELECT repeat FROM record ORDER BY sequence')).map(
    (row) => row.repeat,
  );

describeEachDatabase('the record', (_open, place, kind) => {
  const open: Archive[] = [];
  afterEach(async () => {
    for (const archive of open.splice(0)) await archive.close();
  });
  const archiveAt = async (target: Awaited<ReturnType<typeof place>>) => {
    const archive = await openArchive(target, { create: true });
    open.push(archive);
    return archive;
  };
  const archived = async (...batches: readonly (readonly string[])[]) => {
    const archive = await archiveAt(await place());
    const appender = new Appender(archive);
    for (const lines of batches) await appender.append(drafted(lines));
    await expectChain(archive.database);
    return archive;
  };

  it('keeps what was said, and who said it, beside the chain', async () => {
    const archive = await archived([
      event({
        text: 'the falcon flies',
        verdict: { action: 'drop', rule: 'r1', tags: ['dlp', 'x'] },
      }),
    ]);
    const [row] = await archive.database.rows<Record<string, unknown>>(
      `SELECT record.*, account.address AS account_address, sender.address AS sender_address
       FROM record JOIN party account ON account.id = record.account
       JOIN party sender ON sender.id = record.sender`,
    );
    expect(row).toMatchObject({
      ...{ sequence: 1, time: START, kind: 'event', event: 'message', service: 'xmpp' },
      ...{ conversation: 1, account_address: 'alice@x', sender_address: 'alice@x' },
      ...{ action: 'drop', rule: 'r1', repeat: 0 },
    });
    const stored = archive.vault.unseal(`event-${made}`, row?.content as Uint8Array);
    const content = Buffer.from(stored ?? []).toString();
    expect(JSON.parse(content)).toEqual({ text: 'the falcon flies' });
    expect(Buffer.from(row?.envelope as Uint8Array).toString()).not.toContain('falcon');
    const tags = await archive.database.rows('SELECT tag, sequence FROM record_tag ORDER BY tag');
    expect(tags).toEqual([
      { tag: 'dlp', sequence: 1 },
      { tag: 'x', sequence: 1 },
    ]);
    const { sql, values } = archive.database.matching({ phrases: [['falcon', 'flies']] });
    const found = await archive.database.rows(
      `SELECT sequence FROM record WHERE ${sql}`,
      ...values,
    );
    expect(found).toEqual([{ sequence: 1 }]);
  });

  it('continues a thread over connections, and over processes', async () => {
    const target = await place();
    for (const [n, id] of ['flow-1', 'flow-2', 'flow-3'].entries()) {
      const archive = await openArchive(target, { create: true });
      await new Appender(archive).append(drafted([event({ after: n * 11 * HOUR, ...flow(id) })]));
      await archive.close();
    }
    const archive = await archiveAt(target);
    expect(await conversations(archive)).toEqual([
      {
        ...{ id: 1, room: null, started: START, ended: START + 22 * HOUR },
        ...{ messages: 3, files: 0, events: 3, refused: 0 },
      },
    ]);
    await expectChain(archive.database);
  });

  it('begins another thread after a silence', async () => {
    const archive = await archived(
      [event(), event({ after: 12 * HOUR })],
      [event({ after: 24 * HOUR + 1 }), event({ after: 24 * HOUR + 2 })],
      // Late, of the first thread: it came with another connection's events.
      [event({ after: 5 * MINUTE })],
    );
    const threads = await conversations(archive);
    expect(threads.map(({ messages, started, ended }) => [messages, started, ended])).toEqual([
      [3, START, START + 12 * HOUR],
      [2, START + 24 * HOUR + 1, START + 24 * HOUR + 2],
    ]);
  });

  it('has one thread for both directions, and one for a room', async () => {
    const archive = await archived([
      event(),
      event({ origin: 'server', from: 'bob@x', to: ['alice@x'] }),
      event({ origin: 'server', from: 'bob@x', to: undefined }),
      event({ room: 'Ops@conf', to: undefined }),
      event({ room: 'ops@conf', to: undefined, origin: 'server', from: 'Bob' }),
      event({ to: ['carol@x'] }),
    ]);
    const threads = await conversations(archive);
    expect(threads.map(({ room, messages }) => [room, messages])).toEqual([
      [null, 3],
      ['Ops@conf', 2],
      [null, 1],
    ]);
    expect(await participants(archive, 1)).toEqual([
      { address: 'alice@x', messages: 1 },
      { address: 'bob@x', messages: 2 },
    ]);
    // A guest's nick is nobody's address: it is known within its room.
    expect(await participants(archive, 2)).toEqual([
      { address: 'alice@x', messages: 1 },
      { address: 'ops@conf/bob', messages: 1 },
    ]);
  });

  it('opens no thread for a notification alone, nor for presence', async () => {
    const archive = await archived([
      event({ kind: 'typing', text: undefined }),
      event({ kind: 'presence', text: undefined, state: 'away' }),
      event({ kind: 'message.receipt', text: undefined }),
      event({ after: MINUTE }),
      event({ after: 2 * MINUTE, kind: 'typing', text: undefined }),
    ]);
    const rows = await archive.database.rows<{ conversation: number | null }>(
      'SELECT conversation FROM record ORDER BY sequence',
    );
    expect(rows.map(({ conversation }) => conversation)).toEqual([null, null, null, 1, 1]);
    expect(await conversations(archive)).toMatchObject([{ messages: 1, events: 2 }]);
  });

  it('marks the other leg of a delivery, echoes and history, and counts them once', async () => {
    const other = { origin: 'server', account: 'bob@x', ...flow('flow-2') };
    const archive = await archived([
      event({ text: 'hello' }),
      event({ text: 'hello', ...other }), // delivered
      event({ text: 'hello', after: MINUTE }), // said again
      event({ text: 'hello', after: MINUTE, ...other }),
      event({ text: 'hello', origin: 'server', copy: 'carbon', ...flow('flow-3') }),
      event({ text: 'old', origin: 'server', copy: 'history' }),
      event({ text: 'hello', origin: 'server', copy: 'echo' }),
      event({ text: 'from my telephone', origin: 'server', copy: 'carbon' }), // seen nowhere else
    ]);
    expect(await repeats(archive)).toEqual([0, 1, 0, 1, 1, 1, 1, 0]);
    expect(await conversations(archive)).toMatchObject([{ messages: 3, events: 3 }]);
    expect(await participants(archive)).toEqual([
      { address: 'alice@x', messages: 3 },
      { address: 'bob@x', messages: 0 },
    ]);
  });

  it('counts a file once: offer, transfer, and its other leg', async () => {
    const file = { text: undefined, file: { name: 'plan.xls', token: 't1' } };
    const archive = await archived([
      event({ kind: 'file.offer', ...file }),
      event({ kind: 'file.offer', ...file, origin: 'server', account: 'bob@x', ...flow('flow-2') }),
      event({ kind: 'file.accept', ...file }),
      event({ kind: 'file.complete', ...file, ...flow('flow-3') }),
      event({ kind: 'file.offer', text: undefined, file: { name: 'b', token: 't2' } }),
    ]);
    expect(await conversations(archive)).toMatchObject([{ files: 2 }]);
  });

  it('knows the people behind accounts, as the directory says last', async () => {
    const archive = await archived(
      [event({ person: 'Alice Example', peers: ['Bob Example'] })],
      [event({ person: 'Alice Married', to: ['carol@x'] })],
    );
    const parties = await archive.database.rows(
      'SELECT address, person FROM party ORDER BY address',
    );
    expect(parties).toEqual([
      { address: 'alice@x', person: 'Alice Married' },
      { address: 'bob@x', person: 'Bob Example' },
      { address: 'carol@x', person: null },
    ]);
  });

  it('appends all of a batch or nothing, and the same batch again', async () => {
    const archive = await archiveAt(await place());
    const appender = new Appender(archive);
    await appender.append(drafted([event({ text: 'before' })]), 'first');
    const batch = drafted([
      event({ text: 'hello' }),
      event({ text: 'hello', origin: 'server', account: 'bob@x', ...flow('flow-2') }),
      event({ kind: 'file.offer', text: undefined, file: { token: 't1' }, to: ['carol@x'] }),
    ]);
    // A record that the database refuses: the place of the second one is taken.
    await archive.database.insert(
      'record',
      ['sequence', 'time', 'kind', 'envelope', 'hash'],
      [[3, START, 'event', Buffer.from('{}'), Buffer.alloc(32)]],
    );
    if (kind === 'sqlite') {
      await expect(appender.append(batch, 'second')).rejects.toThrow(/archive\.db/);
    } else {
      await archive.database.run(
        `CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''no''; END' LANGUAGE plpgsql`,
      );
      await archive.database.run(
        'CREATE TRIGGER refuse BEFORE INSERT ON record_tag EXECUTE FUNCTION refuse()',
      );
      const tagged = drafted([event({ verdict: { action: 'pass', tags: ['x'] } })]);
      await expect(appender.append([...batch, ...tagged], 'second')).rejects.toThrow();
      await archive.database.run('DROP TRIGGER refuse ON record_tag');
    }
    await archive.database.run('DELETE FROM record WHERE sequence = 3');
    expect(await readMeta(archive.database, SPOOL)).toBe('first');
    expect(await conversations(archive)).toMatchObject([{ messages: 1 }]);

    const { first, last } = await appender.append(batch, 'second');
    expect([first, last]).toEqual([2, 4]);
    expect(await repeats(archive)).toEqual([0, 0, 1, 0]);
    expect(await conversations(archive)).toMatchObject([{ messages: 2 }, { files: 1 }]);
    expect(await readMeta(archive.database, SPOOL)).toBe('second');
    await expectChain(archive.database);
  });

  it('is one chain with one set of threads and parties, whoever appends in between', async () => {
    const target = await place();
    const [one, other] = [await archiveAt(target), await archiveAt(target)];
    const appenders = [new Appender(one), new Appender(other)];
    for (let n = 0; n < 12; n++) {
      const lines = [event({ after: n }), event({ after: n, to: [`guest${n % 5}@x`] })];
      await appenders[n % 2]?.append(drafted(lines));
      if (n % 3 === 0) await appendAudit(other, { action: 'search', who: 'root', host: 'gw' });
    }
    await expectChain(one.database);
    const threads = await conversations(one);
    expect(threads.map(({ messages }) => messages)).toEqual([12, 3, 3, 2, 2, 2]);
    expect(await one.database.rows('SELECT count(*) AS n FROM party')).toEqual([{ n: 7 }]);
    const audits = await one.database.rows<{ envelope: Uint8Array }>(
      "SELECT envelope FROM record WHERE kind = 'audit'",
    );
    expect(audits.map((row) => decodeEnvelope(row.envelope).audit?.action)).toEqual(
      Array(4).fill('search'),
    );
  });

  it('goes on after a transaction of the caller that came to nothing', async () => {
    const archive = await archiveAt(await place());
    const appender = new Appender(archive);
    await appender.append(drafted([event()]));
    const failing = archive.database.transaction(async (within) => {
      await appender.within(within, drafted([event({ to: ['dave@x'] })]));
      throw new Error('the purge was not to be');
    });
    await expect(failing).rejects.toThrow('not to be');
    await appender.append(drafted([event({ to: ['erin@x'] }), event({ to: ['dave@x'] })]));
    await expectChain(archive.database);
    const parties = await archive.database.rows('SELECT id, address FROM party ORDER BY id');
    expect(parties).toEqual([
      { id: 1, address: 'alice@x' },
      { id: 2, address: 'bob@x' },
      { id: 3, address: 'erin@x' },
      { id: 4, address: 'dave@x' },
    ]);
  });

  it('never gives a number twice, not even of what was purged', async () => {
    const archive = await archiveAt(await place());
    await new Appender(archive).append(drafted([event(), event({ to: ['carol@x'] })]));
    await archive.database.run('DELETE FROM conversation');
    await archive.database.run('DELETE FROM party');
    await new Appender(archive).append(drafted([event({ to: ['dave@x'] })]));
    expect((await conversations(archive)).map(({ id }) => id)).toEqual([3]);
  });

  it('takes batches larger than it writes at once', async () => {
    const lines = Array.from({ length: 4500 }, (_, n) =>
      event({ after: n, to: [`g${n % 300}@x`] }),
    );
    const archive = await archived(lines);
    const threads = await conversations(archive);
    expect(threads.length).toBe(300);
    expect(threads.reduce((sum, { messages }) => sum + messages, 0)).toBe(4500);
  });
});
