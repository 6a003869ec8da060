import { expect, test } from 'vitest';
import { PROTOCOLS } from '../../parsers/registry.ts';
import { RegistryView } from './registry-view.ts';

test('TLS is asked first of what begins as it does: ordinary flows are let go by their first segment', () => {
  const view = new RegistryView(PROTOCOLS);
  const told = Array.from({ length: 256 }, (_, octet) => view.tellsNobodys(octet)?.name);
  expect(told.filter((name) => name !== undefined)).toEqual(['tls']);
  expect(told[22]).toBe('tls');
});

test('not where another comes before it, which may be what the flow is', () => {
  const tls = PROTOCOLS.filter(({ name }) => name === 'tls');
  const loco = PROTOCOLS.filter(({ name }) => name === 'loco');
  expect(new RegistryView([...tls, ...loco]).tellsNobodys(22)?.name).toBe('tls');
  expect(new RegistryView([...loco, ...tls]).tellsNobodys(22)).toBeUndefined();
});
