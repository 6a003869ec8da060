/** Every mistake of a service file is told with its place, and what would be right. */
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { servicesFromText } from './load-services.ts';

const head = 'sallyport: 1\nservices:\n  - service: acme\n    entries:\n';
const told = (text: string) => servicesFromText(text, 's.yaml').diagnostics.map(formatDiagnostic);
/** Of one entry, written on line 5. */
const entryTold = (entry: string) => told(`${head}      - ${entry}\n`);

describe('a service file', () => {
  test.each<[string, string, string]>([
    ['of rules', 'sallyport: 1\nrules: []\n', "s.yaml:2:1: a service file knows no 'rules'"],
    ['without its version', 'services:\n  - { service: a, entries: [] }\n', "lacks 'sallyport'"],
    [
      'with a slip',
      head.replace('entries', 'entires'),
      "knows no 'entires' (did you mean 'entries'?)",
    ],
    ['that is empty', 'sallyport: 1\nservices: []\n', "'services' is too small or empty"],
    [
      'with a name of capitals',
      'sallyport: 1\nservices:\n  - { service: WhatsApp, entries: [] }\n',
      's.yaml:3:16: ',
    ],
  ])('%s', (_, text, line) => {
    expect(told(text).join('\n')).toContain(line);
  });

  test('that changes nothing is doubtful', () => {
    expect(told('sallyport: 1\nservices:\n  - { service: a, entries: [] }\n')).toEqual([
      "s.yaml:3:5: warning: 'a' has no entries (it changes nothing)",
    ]);
  });
});

describe('an entry', () => {
  test.each<[string, string]>([
    ['{ hosts: [*.a.example] }', 's.yaml:5:'],
    ['{ hosts: ["*.a.example"] }', 'names below a name belong to it: leave out *.'],
    [
      '{ hosts: [A.example] }',
      "s.yaml:5:19: 'A.example' is none of the hosts (write it in lower case)",
    ],
    ['{ hosts: [a.example.] }', 'write it without the outer dot'],
    ['{ hosts: [example] }', 'a top-level domain is not one service'],
    ['{ hosts: ["a.*.example"] }', 'the last two labels must be literal'],
    ['{ hosts: ["https://a.example"] }', 'write the name alone, without port or path'],
    ['{ hosts: ["a.example:443"] }', 'write the name alone, without port or path'],
    ['{ hosts: [münchen.example] }', 'write its xn-- form'],
    ['{ hosts: ["10.0.0.1"] }', 'this is an address: write it under networks'],
    ['{ hosts: ["a..example"] }', 'an empty label between two dots'],
    ['{ hosts: ["***.a.example"] }', 'more than 2 stars'],
    ['{ hosts: ["e[9-1].a.example"] }', '[9-1] begins after its end'],
    ['{ hosts: ["e[1-9999].a.example"] }', '[1-9999] is wider than 1024'],
    ['{ hosts: ["[1-2][1-2][1-2].a.example"] }', 'more than 2 ranges'],
    ['{ hosts: ["e[1.a.example"] }', 'a label may hold * and ranges such as [1-16]'],
    ['{ networks: [10.0.0.0/33] }', 'write 192.0.2.0/24, 2001:db8::/32 or one address'],
    ['{ networks: [10.0.0.1/24] }', 'bits are set behind the length of its prefix'],
    ['{ networks: ["0.0.0.0/0"] }', 'this is every address'],
    ['{ networks: ["::/0"] }', 'this is every address'],
    ['{ hosts: [a.example], networks: [10.0.0.0/8] }', 's.yaml:5:31: networks stand beside names'],
    ['{ hosts: [a.example], transport: udp }', "'transport' is of networks alone"],
    ['{ signatures: [noise], ports: [443] }', 'signatures hold at any port'],
    ['{ hosts: [a.example], ports: [0] }', "'ports'"],
    ['{ hosts: [a.example], ports: ["9-1"] }', "'9-1' is no range of ports"],
    ['{ activity: chat }', 'the entry names nothing'],
    ['{ activity: lookup, hosts: [a.example] }', "'activity' cannot be 'lookup'"],
    ['{ activity: chta, hosts: [a.example] }', "(did you mean 'chat'?)"],
    ['{ host: [a.example] }', "an entry knows no 'host' (did you mean 'hosts'?)"],
    ['{ hosts: a.example }', 'expected a list of host names'],
    ['{ hosts: [a.example], date: 2026 }', "'date': expected a date in quotes"],
    ['{ signatures: [Noise!] }', "'Noise!' is none of the signatures"],
  ])('%s', (entry, line) => {
    const lines = entryTold(entry);
    expect(lines.join('\n')).toContain(line);
    expect(lines.filter((one) => !one.includes('warning'))).not.toEqual([]);
  });

  test('all mistakes are told at once', () => {
    const lines = entryTold('{ hosts: [A.example, b.example.], ports: ["9-1"] }');
    expect(lines).toHaveLength(3);
  });
});

test('what is right has no diagnostics, and defaults', () => {
  const { catalogue, diagnostics } = servicesFromText(
    `${head}      - { hosts: [a.example] }
      - { hosts: [cdn.example.com], shared: true }
      - { networks: [10.0.0.0/8, "2001:db8::/32"], ports: [80, 500-600], transport: udp }
      - { signatures: [acme-noise], alpn: [acme/1] }
`,
  );
  expect(diagnostics).toEqual([]);
  expect(catalogue?.entries.map(({ confidence }) => confidence)).toEqual([
    'high',
    'medium',
    'low',
    'high',
  ]);
  expect(catalogue?.entries[2]?.ports).toEqual([
    [80, 80],
    [500, 600],
  ]);
  expect(catalogue?.entries[3]?.signatures).toEqual(['acme-noise', 'alpn:acme/1']);
  expect(catalogue?.services).toMatchObject([{ id: 'acme', name: 'acme', kind: 'messenger' }]);
});
