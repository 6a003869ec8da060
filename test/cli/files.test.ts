/** What a run reads, in which order, and what it writes beside the report. */
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { IRC_HELLO, ircCapture } from './capture-octets.ts';
import { runHere } from './run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
function file(name: string, octets: Uint8Array | string): string {
  writeFileSync(at(name), octets);
  return at(name);
}

const says = (text: string) => ({ toServer: true, text: `PRIVMSG #ops :${text}\r\n` });
const DAY = ircCapture([...IRC_HELLO, says('one'), says('two'), says('three')]);

describe('--events never writes over what is read', () => {
  const day = file('day.pcap', DAY);
  const rules = file('rules.yaml', 'sallyport: 1\nrules: []\n');
  const people = file('people.yaml', 'people: []\n');
  linkSync(day, at('hard.pcap'));
  symlinkSync(day, at('soft.pcap'));

  test.each([
    ['the capture itself', [day], day],
    ['another name of the capture', [day], at('hard.pcap')],
    ['a link to the capture', [at('soft.pcap')], day],
    ['a rule file', [day, '--rules', rules], rules],
    ['the directory', [day, '--rules', rules, '--directory', people], people],
  ])('%s: exit code 2, nothing is lost', async (_what, args, events) => {
    const { code, stdout, stderr } = await runHere(['replay', ...args, '--events', events]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/is read in this run: events would replace it/);
    expect(readFileSync(day)).toEqual(Buffer.from(DAY));
    expect(readFileSync(rules, 'utf8')).toBe('sallyport: 1\nrules: []\n');
    expect(readFileSync(people, 'utf8')).toBe('people: []\n');
  });

  test('a file of an earlier run is replaced', async () => {
    const events = file('events.jsonl', 'old\n');
    expect((await runHere(['replay', day, '--events', events])).code).toBe(0);
    expect(readFileSync(events, 'utf8')).not.toContain('old');
  });
});

describe('a full disk', () => {
  const skip = !existsSync('/dev/full');
  const why = skip ? ' (skipped: needs /dev/full)' : '';

  test.skipIf(skip)(`is told with the file that could not be written${why}`, async () => {
    const { code, stderr } = await runHere(['replay', at('day.pcap'), '--events', '/dev/full']);
    expect(code).toBe(1);
    expect(stderr).toContain('/dev/full: no space left on the device');
  });
});

describe('a series of files', () => {
  /** The packets of a capture, eight octets of time first. */
  function pieces(octets: Uint8Array, packets: number): Uint8Array[] {
    const view = new DataView(octets.buffer, octets.byteOffset);
    const found: Uint8Array[] = [];
    let begin = 24;
    for (let next = begin, count = 0; next < octets.length; ) {
      next += 16 + view.getUint32(next + 8, true);
      count += 1;
      if (count % packets === 0 || next >= octets.length) {
        found.push(Buffer.concat([octets.subarray(0, 24), octets.subarray(begin, next)]));
        begin = next;
      }
    }
    return found;
  }

  test('numbered by tcpdump -C, in the order of a shell: read in order of time, and said', async () => {
    const parts = pieces(DAY, 1);
    expect(parts.length).toBeGreaterThan(10);
    const names = parts.map((part, i) => file(`ring.pcap${i === 0 ? '' : i}`, part));
    const { code, stdout, stderr } = await runHere(['replay', ...[...names].sort(), '--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(events.filter(({ kind }) => kind === 'message').map(({ text }) => text)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(events.filter(({ kind }) => kind === 'flow.end')).toHaveLength(1);
    expect(stderr).toMatch(/ring\.pcap2 .*before.* ring\.pcap10.*order of time/);
  });

  test('files of different names stay in the order given', async () => {
    const [first, second] = pieces(DAY, 6);
    const names = [file('late.pcap', second ?? DAY), file('early.pcap', first ?? DAY)];
    const { stdout, stderr } = await runHere(['replay', ...names, '--json']);
    const captures = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).capture);
    expect(captures.at(-1)).toBe('early.pcap');
    expect(stderr).toBe('');
  });
});
