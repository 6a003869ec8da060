/**
 * End to end: real servers and real clients talk in namespaces of their own while tcpdump records;
 * the fresh capture is replayed and must show what the scene did. Needs root and the servers.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayFile } from '../corpus/replay.ts';
import { type TemporaryFolder, temporaryFolder } from '../record/lab/temporary-folder.ts';
import { complete, ejabberd, ngircd, prosody } from '../record/recordings.ts';
import { ircOffice } from '../record/scenes/irc-office.ts';
import { xmppOffice } from '../record/scenes/xmpp-office.ts';
import { xmppZlib } from '../record/scenes/xmpp-zlib.ts';
import { play } from '../record/stage.ts';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { compareWithTruth } from './truth.ts';

const tools = [
  'prosody',
  'ngircd',
  'erl',
  'ejabberdctl',
  'tcpdump',
  'ip',
  'ss',
  'ethtool',
  'openssl',
];
const need = needs({ tools, root: true });

const scenes = [
  { name: 'XMPP through prosody', servers: prosody, scene: xmppOffice, clients: 3 },
  { name: 'compressed XMPP through ejabberd', servers: ejabberd, scene: xmppZlib, clients: 2 },
  { name: 'IRC through ngircd', servers: ngircd, scene: ircOffice, clients: 3 },
];

describe.skipIf(need.skip)(`live conversations${need.why}`, () => {
  let folder: TemporaryFolder;
  const program = join(repositoryRoot, 'out', 'record', 'actors', 'main.js');

  // The actors are processes of their own, so they are compiled as `npm run record` does it.
  beforeAll(() => {
    folder = temporaryFolder('live');
    const compiler = join(repositoryRoot, 'node_modules', '.bin', 'tsc');
    execFileSync(compiler, ['-p', join(repositoryRoot, 'test', 'record')], { stdio: 'inherit' });
  });
  afterAll(() => folder.remove());

  // Once more where a server stumbles; a decoder that is wrong is wrong again.
  test.each(scenes)(
    '$name',
    { timeout: 120_000, retry: 1 },
    async ({ name, servers, scene, clients }) => {
      const capture = join(folder.path, `${name.replaceAll(' ', '-')}.pcap`);
      const truth = await play(
        { prefix: 'sallyport-test', clients, servers, program, capture },
        scene,
      );
      const { events, error } = await replayFile(capture);
      expect(error).toBeUndefined();
      const { found, expected, differences } = compareWithTruth({ ...truth, complete }, events);
      expect(differences).toEqual([]);
      expect(found).toBe(expected);
      expect(found).toBeGreaterThan(5);
    },
  );

  test('leaves no namespace behind', () => {
    const namespaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
    expect(namespaces).not.toContain(`sallyport-test-${process.pid}-`);
  });
});
