/** An administrator adds a service in one file, and one reload names it: in the workers too. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PolicyReceiver } from '../live/policy-receiver.ts';
import { compilePolicy, type WorkerPolicy } from '../live/worker-policy.ts';
import { copied, shared } from '../live/worker-process-protocol.ts';
import { GatewayPolicy } from './gateway-policy.ts';
import { packPolicy } from './policy-package.ts';
import { readConfig } from './read-config.ts';

const CONFIG = 'sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: []\nservices: own.yaml\n';
const own = (host: string) =>
  `sallyport: 1\nservices:\n  - service: acme-chat\n    entries:\n      - { activity: chat, hosts: [${host}] }\n`;

let folder = '';
let source: GatewayPolicy | undefined;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-services-'));
});
afterEach(() => {
  source?.close();
  rmSync(folder, { recursive: true });
});

function started(): GatewayPolicy {
  const { settings, diagnostics } = readConfig(join(folder, 'c.yaml'));
  if (settings === undefined) throw new Error(JSON.stringify(diagnostics));
  source = new GatewayPolicy({
    settings,
    configFile: join(folder, 'c.yaml'),
    load: async (policy) => packPolicy(policy),
    watching: { settle: 20, lookEvery: 60_000 },
  });
  return source;
}

async function loaded(policies: GatewayPolicy) {
  const { policy, diagnostics } = await policies.load();
  if (policy === undefined) throw new Error(diagnostics.join('\n'));
  return policy;
}

const named = ({ services }: WorkerPolicy, host: string) => services.byHost(host, 443)?.service;

describe('a gateway with a service file of its own', () => {
  test('names its services and those that ship, and more after a reload', async () => {
    write('c.yaml', CONFIG);
    write('own.yaml', own('chat.acme.example'));
    const policies = started();
    const first = await loaded(policies);
    const running = compilePolicy(first.order);
    expect(named(running, 'chat.acme.example')).toBe('acme-chat');
    expect(named(running, 'mmg.whatsapp.net')).toBe('whatsapp');
    expect(named(running, 'im.acme.example')).toBeUndefined();

    write('own.yaml', own('im.acme.example'));
    const second = await loaded(policies);
    expect(second.services).toBe(first.services);
    expect(second.hash).toBe(first.hash); // the rules are the same
    expect(second.order.hash).not.toBe(first.order.hash);

    const inForce: WorkerPolicy[] = [];
    const reports: unknown[] = [];
    const receiver = new PolicyReceiver(running, {
      inForce: (policy) => inForce.push(policy),
      report: (report) => reports.push(report),
    });
    receiver.take(second.order);
    await vi.waitFor(() => {
      receiver.step();
      expect(receiver.busy).toBe(false);
    });
    expect(reports).toEqual([{ hash: second.order.hash }]);
    const [next] = inForce;
    expect(next && named(next, 'im.acme.example')).toBe('acme-chat');
    expect(next && named(next, 'chat.acme.example')).toBeUndefined();
  });

  test('tells when the file changes', async () => {
    write('c.yaml', CONFIG);
    write('own.yaml', own('chat.acme.example'));
    const policies = started();
    await loaded(policies);
    let changes = 0;
    policies.watch(() => changes++);
    write('own.yaml', own('im.acme.example'));
    await vi.waitFor(() => expect(changes).toBe(1), { timeout: 5000 });
  });

  test('keeps what it has when the file is wrong, and says where', async () => {
    write('c.yaml', CONFIG);
    write('own.yaml', own('chat.acme.example'));
    const policies = started();
    await loaded(policies);
    write('own.yaml', own('ACME'));
    const { policy, diagnostics } = await policies.load();
    expect(policy).toBeUndefined();
    expect(diagnostics.join('\n')).toContain("own.yaml:5:35: 'ACME' is none of the hosts");
  });

  test('may leave out those that ship', async () => {
    write('c.yaml', `${CONFIG}shipped-services: false\n`);
    write('own.yaml', own('chat.acme.example'));
    const policy = await loaded(started());
    expect(policy.services).toBe(1);
    const running = compilePolicy(policy.order);
    expect(named(running, 'mmg.whatsapp.net')).toBeUndefined();
    expect(named(running, 'chat.acme.example')).toBe('acme-chat');
  });

  test('may have none at all', async () => {
    write(
      'c.yaml',
      'sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: []\nshipped-services: false\n',
    );
    const policy = await loaded(started());
    expect(policy.services).toBe(0);
    expect(named(compilePolicy(policy.order), 'mmg.whatsapp.net')).toBeUndefined();
  });

  test('gives them to a worker that is a process, too', async () => {
    write('c.yaml', CONFIG);
    write('own.yaml', own('chat.acme.example'));
    const { order } = await loaded(started());
    expect(named(compilePolicy(shared(copied(order))), 'chat.acme.example')).toBe('acme-chat');
  });
});
