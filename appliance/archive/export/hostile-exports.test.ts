/** What somebody on the wire named, and what somebody made who hands over an export. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationDays } from './conversation-days.ts';
import { writeMail } from './mail.ts';
import { readLines } from './read-lines.ts';
import { verifyExport } from './verify-export.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-hostile-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file attached to a message', () => {
  it.each([
    ['text/plain', 'text/plain'],
    ['message/rfc822', 'application/octet-stream'],
    ['multipart/mixed; boundary=x', 'application/octet-stream'],
    ['text/html\r\nBcc: a@b.example', 'application/octet-stream'],
  ])('of the type %j stays what it is', async (mime, type) => {
    const path = join(folder, 'kept');
    const octets = 'From: x@y.example\n\nline\rline\n--x--\n';
    writeFileSync(path, octets);
    const sha256 = createHash('sha256').update(octets).digest('hex');
    const file = { sha256, name: sha256, path, size: octets.length, mime };
    const days = new ConversationDays({}, (name) => join(folder, name));
    days.add(
      {
        ...{ sequence: 1, time: 1e15, conversation: 1, repeat: false, state: 'whole' },
        ...{ hash: new Uint8Array(32), envelope: new Uint8Array(), content: undefined },
        ...{ prefix: undefined, event: { kind: 'file.complete', from: 'a@b.example' } },
      },
      [file],
    );
    const [day] = days.take();
    if (day === undefined) throw new Error('no day');
    const conversation = { id: 1, service: 'xmpp', room: undefined, parties: [], others: 0 };
    const mail = join(folder, 'mail');
    await writeMail(mail, conversation, day, { archive: 'x', previous: undefined, attach: true });
    const [, part = ''] = readFileSync(mail, 'latin1').split(/Content-Type: (?=[^;]*;\s+name=)/);
    expect(part.startsWith(`${type};`)).toBe(true);
    const [head = '', body = ''] = part.split('\r\n\r\n');
    expect(head).toContain('Content-Transfer-Encoding: base64');
    expect(Buffer.from(body.split('\r\n--')[0] ?? '', 'base64').toString()).toBe(octets);
  });
});

describe('an export that somebody made', () => {
  it('is read line by line, and no line without end', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, `short\n${'x'.repeat(1_000_000)}\nshort\n`);
    const lines: number[] = [];
    for await (const line of readLines(path, 1000)) lines.push(line.length);
    expect(lines[0]).toBe(5);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBeGreaterThan(1000);
  });

  it('has a manifest of text, to the octet', async () => {
    writeFileSync(
      join(folder, 'manifest.json'),
      Buffer.from('{"manifest":1,"why":"\xff"}', 'latin1'),
    );
    expect((await verifyExport(folder, undefined)).problem).toContain('no text');
  });
});
