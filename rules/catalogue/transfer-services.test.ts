import { describe, expect, test } from 'vitest';
import { finish, Stepper } from '../steps.ts';
import { compileServices } from './compiled-services.ts';
import { exampleOf } from './host-pattern.ts';
import { loadServices, servicesFromText } from './load-services.ts';
import { compilingServices, encodeServices } from './transfer-services.ts';

const SHIPPED = new URL('../services', import.meta.url).pathname;

describe('a catalogue that went to another thread', () => {
  test('answers like the one here', () => {
    const { catalogue } = loadServices([SHIPPED]);
    const entries = catalogue?.entries ?? [];
    const here = compileServices(entries);
    const there = finish(compilingServices(encodeServices(entries)));
    const hosts = entries.flatMap((entry) => [...entry.hosts, ...entry.exact].map(exampleOf));
    expect(hosts.length).toBeGreaterThan(400);
    for (const host of [...hosts, ...hosts.map((name) => `x.${name}`), 'www.example.com']) {
      expect(there.byHost(host, 443), host).toEqual(here.byHost(host, 443));
    }
    for (const name of entries.flatMap(({ signatures }) => signatures)) {
      expect(there.bySignature(name), name).toEqual(here.bySignature(name));
    }
    const low = (149 << 24) | (154 << 16) | (167 << 8) | 50;
    const words = new Int32Array(3);
    expect(there.byAddress(words, 0, low, 443, 'tcp')?.service).toBe('telegram');
    expect(there.byAddress(words, 0, low, 443, 'tcp')).toEqual(
      here.byAddress(words, 0, low, 443, 'tcp'),
    );
  });

  test('is built in many steps, also where one entry is long', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `h${i}.example.com`);
    const text = `sallyport: 1\nservices:\n  - service: big\n    entries:\n      - hosts: [${names.join(', ')}]\n`;
    const { catalogue } = servicesFromText(text);
    const stepper = new Stepper(compilingServices(encodeServices(catalogue?.entries ?? [])));
    let steps = 0;
    while (!stepper.step(0)) steps++;
    expect(steps).toBeGreaterThan(100);
    expect(stepper.result?.byHost('x.h4999.example.com', 0)?.service).toBe('big');
    expect(stepper.result?.byHost('h5000.example.com', 0)).toBeUndefined();
  });

  test('may be empty', () => {
    const nothing = finish(compilingServices(encodeServices([])));
    expect(nothing.byHost('example.com', 0)).toBeUndefined();
  });
});
