/** Events in the Elastic Common Schema. */
import { describe, expect, test } from 'vitest';
import { encodeEvent } from '../../../src/event/encode.ts';
import { ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import { lineFormat } from '../format-lines.ts';
import { ecsKinds } from './ecs-kinds.ts';

const observer = { hostname: 'gate', version: '1.2.3' };

type Json = Record<string, unknown>;

function ecs(kind: EventKind, more: Partial<ImEvent>, content = true): Json {
  const event = Object.assign(new ImEvent(kind), { time: 1_790_000_000_123_456, ...more });
  return JSON.parse(lineFormat({ format: 'ecs', content }, observer)(encodeEvent(event)));
}

const flow = {
  id: 'f1',
  transport: 'tcp',
  client: '10.0.0.5:40123',
  server: '192.0.2.1:5222',
  vlan: 12,
} as const;

const said: Partial<ImEvent> = {
  id: '0192f0c4-0000-7000-8000-000000000000',
  service: 'xmpp',
  protocol: 'xmpp',
  flow,
  origin: 'client',
  account: 'anna@office.example',
  person: 'anna',
  from: 'anna@office.example',
  to: ['ben@partner.example'],
  text: 'project falcon',
};

describe('a message that was refused', () => {
  const made = ecs('message', {
    ...said,
    verdict: {
      action: 'drop',
      enforced: true,
      rule: 'no-falcon',
      ruleset: 'sha256:ab',
      matched: ['text has: falcon'],
      tags: ['dlp'],
      alert: 'high',
    },
  });

  test('is an alert of the schema, with its time to the microsecond', () => {
    expect(made).toMatchObject({
      '@timestamp': '2026-09-21T14:13:20.123456Z',
      ecs: { version: '8.17.0' },
      event: {
        kind: 'alert',
        category: ['network'],
        type: ['info', 'denied'],
        action: 'message',
        module: 'sallyport',
        dataset: 'sallyport.events',
        severity: 73,
        id: said.id,
      },
      rule: { name: 'no-falcon', ruleset: 'sha256:ab' },
      tags: ['dlp'],
      user: { name: 'anna@office.example', full_name: 'anna' },
      observer: { vendor: 'Sallyport', type: 'im-gateway', hostname: 'gate', version: '1.2.3' },
      network: {
        transport: 'tcp',
        type: 'ipv4',
        protocol: 'xmpp',
        application: 'xmpp',
        vlan: { id: '12' },
      },
      source: { ip: '10.0.0.5', port: 40123 },
      destination: { ip: '192.0.2.1', port: 5222 },
      related: {
        ip: ['10.0.0.5', '192.0.2.1'],
        user: ['anna@office.example', 'ben@partner.example', 'anna'],
      },
    });
  });

  test('the event stands whole under sallyport', () => {
    expect(made.sallyport).toMatchObject({
      v: 1,
      kind: 'message',
      text: 'project falcon',
      to: said.to,
    });
  });

  test('the summary tells what happened, never what was said', () => {
    expect(made.message).toBe(
      'xmpp message from anna@office.example to ben@partner.example: drop by no-falcon',
    );
  });
});

test.each([
  ['passed', { action: 'pass', enforced: true }, ['info', 'allowed'], 'event'],
  ['redacted', { action: 'redact', enforced: true }, ['info', 'allowed'], 'event'],
  ['refused, and not enforced', { action: 'drop', enforced: false }, ['info', 'allowed'], 'alert'],
] as const)('what is %s', (_what, verdict, type, kind) => {
  expect(ecs('message', { ...said, verdict })).toMatchObject({ event: { type, kind } });
});

test('what the server sent has the server for its source; the client stays the client', () => {
  const made = ecs('message', { ...said, origin: 'server' });
  expect(made).toMatchObject({
    source: { ip: '192.0.2.1', port: 5222 },
    destination: { ip: '10.0.0.5', port: 40123 },
    client: { ip: '10.0.0.5' },
    server: { ip: '192.0.2.1' },
  });
});

test('IPv6, a handshake, and the ledger of a flow', () => {
  const made = ecs('flow.end', {
    service: 'whatsapp',
    protocol: 'tls',
    flow: { id: 'f', transport: 'tcp', client: '[2001:db8::1]:5000', server: '[2001:db8::2]:443' },
    tls: { version: '1.3', sni: 'mmg.whatsapp.net', alpn: 'h2', ja3: 'a', ja4: 'b' },
    host: 'mmg.whatsapp.net',
    totals: {
      packetsToServer: 3,
      packetsToClient: 4,
      octetsToServer: 100,
      octetsToClient: 250,
      duration: 1.5,
      events: 2,
      gaps: 0,
      gapOctets: 0,
      anomalies: 0,
      midstream: false,
    },
  });
  expect(made).toMatchObject({
    event: { category: ['network'], type: ['connection', 'end'], duration: 1_500_000_000 },
    network: { type: 'ipv6', bytes: 350, packets: 7 },
    client: { ip: '2001:db8::1', port: 5000, bytes: 100, packets: 3 },
    server: { ip: '2001:db8::2', port: 443, bytes: 250, packets: 4, domain: 'mmg.whatsapp.net' },
    tls: {
      version: '1.3',
      next_protocol: 'h2',
      client: { server_name: 'mmg.whatsapp.net', ja3: 'a' },
    },
    related: { hosts: ['mmg.whatsapp.net'] },
  });
});

test('a file', () => {
  const file = {
    name: 'plan.xls',
    size: 17_920,
    mime: 'application/x',
    sha256: 'aa',
    url: 'http://x/',
  };
  expect(ecs('file.complete', { ...said, file })).toMatchObject({
    event: { category: ['network', 'file'], outcome: 'success' },
    file: { name: 'plan.xls', size: 17_920, mime_type: 'application/x', hash: { sha256: 'aa' } },
    url: { original: 'http://x/' },
    related: { hash: ['aa'] },
  });
});

test('without content, nothing that people said or named is in the line', () => {
  const secret = 'SECRET';
  const event = Object.assign(new ImEvent('message'), {
    ...said,
    text: secret,
    markup: secret,
    subject: secret,
    status: secret,
    name: secret,
    reason: secret,
    file: { name: secret, size: 3, url: secret },
    verdict: { action: 'drop', enforced: true, rule: 'r', matched: [secret], tell: secret },
  });
  for (const format of ['ecs', 'native'] as const) {
    const line = lineFormat({ format, content: false }, observer)(encodeEvent(event));
    expect(line).not.toContain(secret);
    expect(line).toContain('anna@office.example');
  }
});

test('what is not known is absent, and no object is empty', () => {
  const line = JSON.stringify(ecs('gap', {}));
  expect(line).not.toMatch(/null|\{\}|\[\]/);
});

test('what a terminal could obey is escaped, and the line is one line', () => {
  const event = Object.assign(new ImEvent('message'), {
    ...said,
    from: 'a\u001b[2J\u202e\u2028b\nc',
  });
  const line = lineFormat({ format: 'ecs', content: true }, observer)(encodeEvent(event));
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(line).sallyport.from).toBe('a\u001b[2J\u202e\u2028b\nc');
});

test('every kind has categories and types that the schema allows', () => {
  const categories = ['authentication', 'session', 'network', 'file'];
  const types = ['start', 'end', 'info', 'protocol', 'connection'];
  for (const [, { category, type }] of ecsKinds()) {
    expect(categories).toEqual(expect.arrayContaining([...category]));
    expect(types).toEqual(expect.arrayContaining([...type]));
  }
});
