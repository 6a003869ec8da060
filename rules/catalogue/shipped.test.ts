/** The services that ship: right, in order, each fact with its source. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileServices } from './compiled-services.ts';
import { loadServices } from './load-services.ts';
import { proveEntries } from './prove.ts';

const FOLDER = new URL('../services', import.meta.url).pathname;
const { catalogue, diagnostics, files } = loadServices([FOLDER]);
const { services: known, entries } = catalogue ?? { services: [], entries: [] };
const services = compileServices(entries);

test('every file is right, without a doubt', () => {
  expect(diagnostics).toEqual([]);
  expect(files.map((file) => basename(file))).toEqual(readdirSync(FOLDER).sort());
});

test('at least 35 messengers', () => {
  const messengers = known.filter(({ kind }) => kind === 'messenger');
  expect(messengers.length).toBeGreaterThanOrEqual(35);
});

describe.each(files)('%s', (file) => {
  test('services and names are in order', () => {
    const ids = [...new Set(entries.filter((e) => e.place.file === file).map((e) => e.service))];
    expect(ids).toEqual([...ids].sort());
    for (const { hosts, exact, place } of entries) {
      if (place.file !== file) continue;
      expect(hosts).toEqual([...hosts].sort());
      expect(exact).toEqual([...exact].sort());
    }
  });

  test('every entry has a source and a date; a messenger also an activity, but for addresses', () => {
    for (const { place, source, date, kind, activity, networks } of entries) {
      if (place.file !== file) continue;
      const where = `line ${place.line}`;
      expect(source, where).toBeDefined();
      expect(date, where).toMatch(/^20\d\d-\d\d-\d\d$/);
      if (kind === 'messenger' && networks.length === 0) expect(activity, where).toBeDefined();
    }
  });

  test('every service has a name, and evasions no activity', () => {
    for (const { id, name, kind, place } of known) {
      if (place.file !== file) continue;
      if (id !== 'imo') expect(name, id).not.toBe(id);
      if (kind !== 'evasion') continue;
      const own = entries.filter(({ service }) => service === id);
      expect(own.map(({ activity }) => activity)).toEqual(own.map(() => undefined));
    }
  });
});

test('examples are answered by the entry that gives them, and every name can be reached', () => {
  const proofs = proveEntries({ services: known, entries }, services, new Set());
  expect(proofs.flatMap(({ faults }) => faults)).toEqual([]);
  const shown = proofs.filter(({ proof }) => proof === 'example');
  expect(shown.length).toBeGreaterThan(120);
});

test('what was not read again is nowhere called sure', () => {
  for (const { source = '', confidence, place } of entries) {
    if (source.endsWith('(not read again)')) {
      expect(confidence, `${place.file}:${place.line}`).not.toBe('high');
    }
  }
});

test.each([
  // Names of corpus/negatives, and of what everybody uses.
  '239.255.255.250',
  'p31-keyvalueservice.icloud.com',
  'www.youtube.com',
  'www.google.com',
  'docs.google.com',
  'mail.google.com',
  'play.googleapis.com',
  'www.washington.edu',
  'assetgame.roblox.com',
  'csb.performgroup.io',
  'client.dropbox.com',
  'notify.dropbox.com',
  'www.example.com',
  'login.microsoftonline.com',
  'outlook.office365.com',
  'mobile.pipe.aria.microsoft.com',
  'pipe.skype.com',
  'graph.microsoft.com',
  'github.com',
  'www.amazon.com',
  's3.amazonaws.com',
  'storage.googleapis.com',
  'appspot.com',
  'www.apple.com',
  'gateway.icloud.com',
  'itunes.apple.com',
  'cdn.cloudflare.net',
  'e673.dsce9.akamaiedge.net',
  'wikipedia.org',
  'v.qq.com.example',
])('%s is no messenger', (host) => {
  const kind = known.find(({ id }) => id === services.byHost(host, 443)?.service)?.kind;
  expect(kind).not.toBe('messenger');
});
