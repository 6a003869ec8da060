import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import { NetworkNamespaces } from '../../../test/support/network-namespaces.ts';
import { interfaceFacts, interfaceNames } from './interface-facts.ts';

const need = needs({ root: true, tools: ['ip', 'ethtool'] });

describe.skipIf(need.skip)(`what the kernel says of an interface${need.why}`, () => {
  const net = new NetworkNamespaces('A-facts');

  beforeAll(() => {
    net.add('here', 'there');
    net.cable('here', 'eth0', 'there', 'eth0', 9000);
  });
  afterAll(() => net.remove());

  const facts = (name = 'eth0') => net.inside('here', () => interfaceFacts(name));

  test('state, size, kind', () => {
    expect(facts()).toMatchObject({
      name: 'eth0',
      up: true,
      running: true,
      promiscuous: false,
      mtu: 9000,
      hardwareType: 1,
    });
    expect(facts('lo')?.hardwareType).toBe(772);
    expect(facts('eth1')).toBeUndefined();
    expect(net.inside('here', interfaceNames).toSorted()).toEqual(['eth0', 'lo']);
  });

  test('what changes', async () => {
    net.ip('here', 'link', 'set', 'dev', 'eth0', 'promisc', 'on');
    net.exec('here', 'ethtool', '-K', 'eth0', 'tso', 'off', 'gro', 'on');
    expect(facts()).toMatchObject({ promiscuous: true, offloads: { tso: false, gro: true } });
    net.exec('here', 'ethtool', '-K', 'eth0', 'tso', 'on', 'gro', 'off');
    expect(facts()?.offloads).toMatchObject({ tso: true, gro: false, lro: false });
    net.ip('there', 'link', 'set', 'dev', 'eth0', 'down');
    // The kernel tells of a lost carrier a little later.
    await expect
      .poll(() => facts(), { timeout: 10_000 })
      .toMatchObject({ up: true, running: false });
    net.ip('here', 'link', 'set', 'dev', 'eth0', 'down');
    expect(facts()).toMatchObject({ up: false });
  });
});
