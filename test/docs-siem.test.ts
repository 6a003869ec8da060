/** docs/siem.md names each field that the ECS output has, and none that it never has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ecsEvent, type NativeEvent } from '../appliance/outputs/ecs/ecs-event.ts';
import { repositoryRoot } from './support/corpus.ts';

const FULL = {
  v: 1,
  id: 'i',
  ts: '2026-11-26T08:00:00.000000Z',
  kind: 'flow.end',
  service: 'whatsapp',
  protocol: 'tls',
  flow: { id: 'f', transport: 'tcp', client: '192.0.2.1:1', server: '192.0.2.2:443', vlan: 7 },
  account: 'a',
  person: 'p',
  reason: 'r',
  host: 'h.example',
  file: { name: 'n', size: 1, mime: 'm', sha256: 's', url: 'u' },
  tls: { version: '1.3', sni: 'h.example', alpn: 'h2', ja3: 'j' },
  verdict: { action: 'drop', enforced: true, rule: 'r', ruleset: 's', tags: ['t'], alert: 'low' },
  totals: {
    packetsToServer: 1,
    packetsToClient: 1,
    octetsToServer: 1,
    octetsToClient: 1,
    duration: 1,
    events: 1,
    gaps: 0,
    gapOctets: 0,
    anomalies: 0,
    midstream: false,
  },
} as unknown as NativeEvent;

function paths(value: unknown, before = ''): string[] {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return [before];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'sallyport' ? [] : paths(inner, before === '' ? name : `${before}.${name}`),
  );
}

test('docs/siem.md', () => {
  const observer = { hostname: 'h', version: 'v' };
  const made = new Set(
    (['client', 'server'] as const).flatMap((origin) =>
      paths(ecsEvent({ ...FULL, origin }, observer, true)),
    ),
  );
  const page = readFileSync(join(repositoryRoot, 'docs', 'siem.md'), 'utf8');
  const table = page.slice(page.indexOf('| ECS |'), page.indexOf('| kinds |'));
  const named = new Set(
    [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    ),
  );
  expect([...made].sort()).toEqual([...named].sort());
});
