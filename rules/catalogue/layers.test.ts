/** What files say together: in one layer they may not contradict, a later layer has the last word. */
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { compileServices } from './compiled-services.ts';
import { servicesFromText, servicesFromTexts } from './load-services.ts';

const service = (id: string, entries: string, more = '') =>
  `  - service: ${id}\n${more}    entries:\n${entries
    .split('\n')
    .map((line) => `      - ${line}\n`)
    .join('')}`;
const file = (...services: string[]) => `sallyport: 1\nservices:\n${services.join('')}`;

function layers(...texts: string[]) {
  const { catalogue, diagnostics } = servicesFromTexts(texts);
  const services = catalogue && compileServices(catalogue.entries);
  const of = (host: string) => {
    const match = services?.byHost(host, 0);
    return match && `${match.service} ${match.activity}`;
  };
  return { of, catalogue, lines: diagnostics.map(formatDiagnostic) };
}

describe('one layer', () => {
  const told = (...services: string[]) =>
    servicesFromText(file(...services), 's.yaml').diagnostics.map(formatDiagnostic);

  test('two services may not claim one name', () => {
    const lines = told(
      service('a', '{ hosts: [x.example] }'),
      service('b', '{ hosts: [x.example] }'),
    );
    expect(lines).toEqual(["s.yaml:8:19: 'x.example' is claimed by a too (s.yaml:5:19)"]);
  });

  test('nor one service for two activities', () => {
    const entries =
      '{ activity: chat, hosts: [x.example] }\n{ activity: media, hosts: [x.example] }';
    expect(told(service('a', entries))).toEqual([
      "s.yaml:6:36: 'x.example' has two activities: chat and media (s.yaml:5:35)",
    ]);
  });

  test('nor one network, however it is written, nor one signature', () => {
    const a = service(
      'a',
      '{ networks: ["2001:db8::/32"] }\n{ signatures: [noise] }\n{ alpn: [x] }',
    );
    const b = service(
      'b',
      '{ networks: ["2001:0db8:0::/32"] }\n{ signatures: [noise] }\n{ alpn: [x] }',
    );
    expect(told(a, b)).toHaveLength(3);
  });

  test('the same twice is doubtful only', () => {
    const entries = '{ hosts: [x.example] }\n{ hosts: [x.example] }';
    expect(told(service('a', entries))).toEqual([
      "s.yaml:6:19: warning: 'x.example' stands here twice (s.yaml:5:19)",
    ]);
  });

  test('at other ports, over another transport, and as a whole name it is another', () => {
    const a = '{ hosts: [x.example], ports: [1-9] }\n{ networks: [10.0.0.0/8], transport: udp }';
    const b = '{ hosts: [x.example], ports: [10] }\n{ networks: [10.0.0.0/8], transport: tcp }';
    const c = '{ hosts: [x.example] }\n{ exact: [x.example] }\n{ networks: [10.0.0.0/8] }';
    const quoted = (text: string) => text.replaceAll(/\[(1-9|10\.0\.0\.0\/8)\]/g, '["$1"]');
    expect(told(service('a', quoted(a)), service('b', quoted(b)), service('c', quoted(c)))).toEqual(
      [],
    );
  });

  test('overlapping ports are a conflict', () => {
    const a = service('a', '{ hosts: [x.example], ports: ["1-9"] }');
    const b = service('b', '{ hosts: [x.example], ports: ["9-10"] }');
    expect(told(a, b)).toHaveLength(1);
  });
});

describe('a later layer', () => {
  const shipped = file(
    service('acme', '{ activity: web, hosts: [acme.example] }', '    name: Acme\n'),
    service('other', '{ activity: chat, hosts: [other.example, im.acme.example] }'),
  );

  test('adds to a service, which keeps its name', () => {
    const { of, catalogue, lines } = layers(
      shipped,
      file(service('acme', '{ activity: chat, hosts: [chat.acme.example] }')),
    );
    expect(lines).toEqual([]);
    expect(of('chat.acme.example')).toBe('acme chat');
    expect(of('www.acme.example')).toBe('acme web');
    expect(catalogue?.services.map(({ name }) => name)).toEqual(['Acme', 'other']);
  });

  test('replaces a service', () => {
    const { of, lines } = layers(
      shipped,
      file(service('acme', '{ activity: chat, hosts: [acme.test] }', '    replace: true\n')),
    );
    expect(lines).toEqual([]);
    expect(of('acme.test')).toBe('acme chat');
    expect(of('acme.example')).toBeUndefined();
    expect(of('im.acme.example')).toBe('other chat');
  });

  test('removes a service', () => {
    const removed = 'sallyport: 1\nservices:\n  - { service: acme, replace: true, entries: [] }\n';
    const { of, catalogue, lines } = layers(shipped, removed);
    expect(lines).toEqual([]);
    expect(of('acme.example')).toBeUndefined();
    expect(catalogue?.services.map(({ id }) => id)).toEqual(['other']);
  });

  test('takes a name from another service, and says so', () => {
    const { of, lines } = layers(
      shipped,
      file(service('acme', '{ activity: chat, hosts: [im.acme.example] }')),
    );
    expect(lines).toEqual([
      "1.yaml:5:35: warning: 'im.acme.example' is now acme, no longer other (0.yaml:9:50)",
    ]);
    expect(of('im.acme.example')).toBe('acme chat');
    expect(of('other.example')).toBe('other chat');
  });

  test('gives a name of its service another activity without a word', () => {
    const { of, lines } = layers(
      shipped,
      file(service('acme', '{ activity: media, hosts: [acme.example] }')),
    );
    expect(lines).toEqual([]);
    expect(of('acme.example')).toBe('acme media');
  });

  test('takes a name at its ports alone', () => {
    const { catalogue } = layers(
      shipped,
      file(service('mine', '{ activity: chat, hosts: [acme.example], ports: [8443] }')),
    );
    const services = compileServices(catalogue?.entries ?? []);
    expect(services.byHost('acme.example', 8443)?.service).toBe('mine');
    expect(services.byHost('acme.example', 443)?.service).toBe('acme');
  });
});
