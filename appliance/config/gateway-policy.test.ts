import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GatewayPolicy } from './gateway-policy.ts';
import { packPolicy } from './policy-package.ts';
import { readConfig } from './read-config.ts';

const RULE = 'sallyport: 1\nrules:\n  - { id: a, on: message, then: drop }\n';
const config = (more = '') =>
  `sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: policy.yaml\n${more}`;

let folder = '';
let source: GatewayPolicy | undefined;
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
});
afterEach(() => {
  source?.close();
  rmSync(folder, { recursive: true });
});

/** A gateway started from the files as they are; loads in this thread. */
function started(): GatewayPolicy {
  const { settings, diagnostics } = readConfig(at('c.yaml'));
  if (settings === undefined) throw new Error(JSON.stringify(diagnostics));
  source = new GatewayPolicy({
    settings,
    configFile: at('c.yaml'),
    load: async (policy) => packPolicy(policy),
    watching: { settle: 20, lookEvery: 60_000 },
  });
  return source;
}

describe('a load', () => {
  test('gives the policy of the files as they are now', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    const policies = started();
    const first = await policies.load();
    expect(first).toMatchObject({ policy: { rules: 1 }, diagnostics: [], restartNeeded: [] });
    write('policy.yaml', `${RULE}  - { id: b, on: presence, then: drop }\n`);
    const second = await policies.load();
    expect(second.policy?.rules).toBe(2);
    expect(second.policy?.hash).not.toBe(first.policy?.hash);
  });

  test('says what is wrong in rules, and changes nothing', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    const policies = started();
    await policies.load();
    write('c.yaml', config('log: { level: debug }\n'));
    write('policy.yaml', RULE.replace('drop', 'dorp'));
    const { policy, settings, diagnostics } = await policies.load();
    expect(policy).toBeUndefined();
    expect(settings).toBeUndefined();
    expect(diagnostics).toEqual([
      `${at('policy.yaml')}:3:33: 'then' cannot be 'dorp' (did you mean 'drop'?)`,
    ]);
  });

  test('says what is wrong in the configuration, and changes nothing', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    const policies = started();
    await policies.load();
    write('c.yaml', config('wokers: 2\n'));
    write('policy.yaml', `${RULE}  - { id: b, on: presence, then: drop }\n`);
    const { policy, settings, diagnostics } = await policies.load();
    expect(policy).toBeUndefined();
    expect(settings).toBeUndefined();
    expect(diagnostics).toEqual([
      `${at('c.yaml')}:5:1: the configuration knows no 'wokers' (did you mean 'workers'?)`,
    ]);
  });

  test('gives what can change at once, and names what needs a restart until there was one', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    write('other.yaml', `${RULE}  - { id: b, on: presence, then: drop }\n`);
    const policies = started();
    await policies.load();
    write(
      'c.yaml',
      config('log: { level: debug }\nworkers: 3\n').replace('policy.yaml', 'other.yaml'),
    );
    for (let i = 0; i < 2; i++) {
      expect(await policies.load()).toMatchObject({
        policy: { rules: 2 },
        restartNeeded: ['workers'],
        settings: { log: { level: 'debug' }, workers: 1 },
      });
    }
  });

  test('tells the doubts of the configuration with those of the rules', async () => {
    write('c.yaml', config('queue: {}\n'));
    write('policy.yaml', `${RULE}lists: { idle: { words: [x] } }\n`);
    const { diagnostics } = await started().load();
    expect(diagnostics).toEqual([
      `${at('c.yaml')}:5:1: warning: 'queue' does nothing in mode tap (it is of mode nfqueue)`,
      `${at('policy.yaml')}:4:10: warning: no rule uses list 'idle'`,
    ]);
  });
});

describe('watching', () => {
  const changes = () => {
    let count = 0;
    return {
      changed: () => count++,
      until: (n: number) => vi.waitFor(() => expect(count).toBe(n), 10_000),
    };
  };

  test('follows configuration, rules, their lists, and files of a configuration that is new', async () => {
    write('c.yaml', config());
    write(
      'policy.yaml',
      `${RULE}  - { id: l, on: message, if: { peer: { in: l } }, then: drop }\nlists: { l: { file: l.txt } }\n`,
    );
    write('l.txt', 'a\n');
    write('people.csv', 'name,accounts\n');
    const policies = started();
    await policies.load();
    const { changed, until } = changes();
    policies.watch(changed);
    write('l.txt', 'a\nb\n');
    await until(1);
    write('c.yaml', config('directory: people.csv\n'));
    await until(2);
    await policies.load();
    write('people.csv', 'name,accounts\nAlice,xmpp:a@b\n');
    await until(3);
    write('policy.yaml', RULE);
    await until(4);
  });

  test('a change before anybody listens is not lost', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    const policies = started();
    await policies.load();
    write('policy.yaml', `${RULE}\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { changed, until } = changes();
    policies.watch(changed);
    await until(1);
  });

  test('a configuration that changed before the first load is loaded again', async () => {
    write('c.yaml', config());
    write('policy.yaml', RULE);
    const policies = started();
    write('c.yaml', config('log: { level: debug }\n'));
    await policies.load();
    const { changed, until } = changes();
    policies.watch(changed);
    await until(1);
  });

  test('a list that was missing is followed until it appears', async () => {
    write('c.yaml', config());
    write(
      'policy.yaml',
      `${RULE}  - { id: l, on: message, if: { peer: { in: l } }, then: drop }\nlists: { l: { file: l.txt } }\n`,
    );
    const policies = started();
    expect((await policies.load()).policy).toBeUndefined();
    const { changed, until } = changes();
    policies.watch(changed);
    write('l.txt', 'a\n');
    await until(1);
    expect((await policies.load()).policy?.rules).toBe(2);
  });
});
