import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from './cli/run-here.ts';
import { corpusPath } from './support/corpus.ts';
import { needs } from './support/need.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const service = (entry: string, id = 'acme-chat') =>
  `sallyport: 1\nservices:\n  - service: ${id}\n    entries:\n      - ${entry}\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-services-'));
  writeFileSync(at('own.yaml'), service('{ activity: chat, hosts: [im.acme.example] }'));
  writeFileSync(at('wrong.yaml'), service('{ activity: chta, hosts: [im.acme.example] }'));
  writeFileSync(
    at('contradicts.yaml'),
    service('{ activity: chat, hosts: [im.acme.example], proof: [mmg.whatsapp.net] }'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('services list', () => {
  test('has a line for each service, and sums', async () => {
    const { code, stdout } = await runHere(['services', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^whatsapp +WhatsApp +messenger +\d+ +\d+ +\d+ {2}chat, media, call, web, push$/m,
    );
    expect(stdout).toMatch(/^doh-google +Google Public DNS +evasion +\d+ +\d+ +\d+$/m);
    expect(stdout).toMatch(/^\d+ services, \d+ messengers, \d+ entries, \d+ hosts, /m);
  });

  test('as JSON has what the files say', async () => {
    const { code, stdout } = await runHere([
      'services',
      'list',
      '--json',
      '--services',
      at('own.yaml'),
    ]);
    expect(code).toBe(0);
    const { services, entries } = JSON.parse(stdout);
    expect(services).toContainEqual(
      expect.objectContaining({ id: 'acme-chat', kind: 'messenger' }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ service: 'acme-chat', hosts: ['im.acme.example'] }),
    );
  });

  test('of a file that is wrong tells where, and ends with 2', async () => {
    const { code, stderr } = await runHere(['services', 'list', '--services', at('wrong.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain("wrong.yaml:5:21: 'activity' cannot be 'chta' (did you mean 'chat'?)");
    expect(stderr).toContain('the services were not loaded: 1 error');
  });
});

describe('services explain', () => {
  test.each([
    ['mmg.whatsapp.net', /whatsapp .*[\s\S]*activity +media[\s\S]*else +whatsapp \(web\)/],
    ['e12.whatsapp.net:443', /because of e\[1-16\]\.whatsapp\.net \(host\)/],
    ['https://MMG.whatsapp.net/v/t62?x=1', /whatsapp .*[\s\S]*activity +media/],
    ['https://user@[2001:67c:4e8::1]:443/x', /telegram/],
    ['149.154.167.50', /telegram .*[\s\S]*because of 149\.154\.160\.0\/20 \(address\)/],
    ['[2001:67c:4e8::1]:530/udp', /activity +call[\s\S]*else +telegram \(chat\)/],
    ['whatsapp-noise', /because of whatsapp-noise \(signature\)/],
  ])('%s', async (subject, lines) => {
    const { code, stdout } = await runHere(['services', 'explain', subject]);
    expect(code).toBe(0);
    expect(stdout).toMatch(lines);
    expect(stdout).toMatch(/entry +\S+\.yaml:\d+:\d+/);
  });

  test('says so where no entry answers, and ends with 1', async () => {
    const { code, stdout } = await runHere(['services', 'explain', 'www.exam\u001b[2Jple.com']);
    expect(code).toBe(1);
    expect(stdout).toContain('no service of the catalogue');
    expect(stdout).not.toContain('\u001b');
  });

  test("an administrator's file counts, alone too", async () => {
    const asked = ['services', 'explain', 'x.im.acme.example', '--services', at('own.yaml')];
    expect((await runHere(asked)).stdout).toContain('acme-chat');
    const alone = [
      ...asked.slice(0, 2),
      'mmg.whatsapp.net',
      ...asked.slice(3),
      '--no-shipped-services',
    ];
    expect((await runHere(alone)).code).toBe(1);
  });
});

describe('services test', () => {
  test('what ships contradicts nothing, and what is unproven is said', async () => {
    const { code, stdout } = await runHere(['services', 'test']);
    expect(stdout).toMatch(/: 0 seen in captures, \d+ by their examples, \d+ unproven; nothing/);
    expect(code).toBe(0);
  });

  test('an example that another entry answers is a fault', async () => {
    const { code, stdout } = await runHere([
      'services',
      'test',
      '--services',
      at('contradicts.yaml'),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /contradicts\.yaml:5:9: 'mmg\.whatsapp\.net' is answered by whatsapp \(media\), /,
    );
    expect(stdout).toMatch(/^acme-chat +chat +1 {2}unproven$/m);
  });

  test('a corpus that is not there is said', async () => {
    const { code, stderr } = await runHere(['services', 'test', '--corpus', at('nowhere')]);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no folder');
  });
});

const need = needs({ corpus: true });
describe.skipIf(need.skip)(`with the corpus${need.why}`, () => {
  test('every entry is seen where its file says it is', async () => {
    const { code, stdout } = await runHere(['services', 'test', '--corpus', corpusPath()]);
    expect(stdout.split('\n').filter((line) => line.includes('not seen in'))).toEqual([]);
    expect(code).toBe(0);
    const seen = Number(/: (\d+) seen in captures/.exec(stdout)?.[1]);
    expect(seen).toBeGreaterThanOrEqual(45);
  });

  test('replay names connections by a file of the administrator', async () => {
    const file = at('dropbox.yaml');
    writeFileSync(file, service('{ activity: media, hosts: [itunes.apple.com] }', 'my-store'));
    const events = at('events.jsonl');
    const capture = corpusPath('encrypted/signal/signal.pcap');
    const { code } = await runHere([
      'replay',
      capture,
      '--no-rules',
      '--services',
      file,
      '--events',
      events,
    ]);
    expect(code).toBe(0);
    const services = readFileSync(events, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"flow.identified"'))
      .map((line) => JSON.parse(line).service);
    expect(services.filter((name) => name === 'my-store')).toHaveLength(2);
    expect(services).toContain('signal');
  });

  test('without services nothing is named', async () => {
    const capture = corpusPath('encrypted/signal/signal.pcap');
    const { stdout } = await runHere(['replay', capture, '--no-rules', '--no-services', '--json']);
    expect(stdout).not.toContain('flow.identified');
  });
});
