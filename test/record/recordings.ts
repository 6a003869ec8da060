/** Every recording: which servers, which scene, which files come of it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startEjabberd } from './lab/ejabberd.ts';
import { startNgircd } from './lab/ngircd.ts';
import { startProsody } from './lab/prosody.ts';
import { temporaryFolder } from './lab/temporary-folder.ts';
import { ircOffice } from './scenes/irc-office.ts';
import { ircShort } from './scenes/irc-short.ts';
import { xmppOffice } from './scenes/xmpp-office.ts';
import { xmppStartTls } from './scenes/xmpp-starttls.ts';
import { xmppZlib } from './scenes/xmpp-zlib.ts';
import { play, type Stage, type StageOptions } from './stage.ts';
import { Truth, type TruthFile } from './truth.ts';

/** Kinds that every scene notes down completely. */
export const complete = ['session.login', 'message', 'message.edit', 'file.offer', 'file.complete'];

/** Writes captures and truths into `output`; answers one line per capture. */
type Recorder = (output: string, program: string) => Promise<string[]>;

interface Source {
  readonly clients: number;
  readonly servers: StageOptions['servers'];
  readonly scene: (stage: Stage) => Promise<void>;
  readonly device?: 'eth0' | 'any';
  /** File names and how to make each from the tcpdump capture. */
  readonly files: Readonly<Record<string, (raw: string, target: string) => void>>;
}

function recorder(source: Source): Recorder {
  return async (output, program) => {
    const folder = temporaryFolder('record');
    const capture = join(folder.path, 'raw.pcap');
    try {
      const { clients, servers, device = 'eth0' } = source;
      const stage: StageOptions = {
        prefix: 'sallyport-record',
        clients,
        servers,
        program,
        capture,
        device,
      };
      const truth = await play(stage, source.scene);
      return Object.entries(source.files).map(([name, make], index, all) => {
        make(capture, join(output, name));
        const first = index === 0 ? undefined : all[0]?.[0];
        return writeTruth(output, name, truth, first);
      });
    } finally {
      folder.remove();
    }
  };
}

function writeTruth(output: string, name: string, truth: Truth, derivedFrom: string | undefined) {
  const file: TruthFile = {
    capture: name,
    software: truth.software,
    vantage: '10.91.0.11',
    complete,
    ...(derivedFrom === undefined ? {} : { derivedFrom }),
    events: truth.events,
  };
  writeFileSync(truthPath(join(output, name)), `${JSON.stringify(file, null, 2)}\n`);
  return `${name}: ${statSync(join(output, name)).size} octets, ${truth.events.length} events`;
}

const plain = (raw: string, target: string) => writeFileSync(target, readFileSync(raw));
/** Any format editcap writes, by its name. */
const as = (format: string) => (raw: string, target: string) => {
  execFileSync('editcap', ['-F', format, raw, target]);
};
const gzip = (make: (raw: string, target: string) => void) => (raw: string, target: string) => {
  const plainTarget = `${raw}.plain`;
  make(raw, plainTarget);
  writeFileSync(target, gzipSync(readFileSync(plainTarget), { level: 9 }));
};
const zstd = (make: (raw: string, target: string) => void) => (raw: string, target: string) => {
  const plainTarget = `${raw}.plain`;
  make(raw, plainTarget);
  execFileSync('zstd', ['-q', '-f', '-19', plainTarget, '-o', target]);
};

/** Captures recorded before, of different link types, as one pcapng with an interface for each. */
function merged(name: string, parts: readonly string[]): Recorder {
  return async (output) => {
    const paths = parts.map((part) => join(output, part));
    execFileSync('mergecap', ['-F', 'pcapng', '-w', join(output, name), ...paths]);
    const truth = new Truth();
    for (const path of paths) {
      const part: TruthFile = JSON.parse(readFileSync(truthPath(path), 'utf8'));
      truth.events.push(...part.events);
      truth.software.push(...part.software);
    }
    return [writeTruth(output, name, truth, parts.join(' '))];
  };
}

function truthPath(capture: string): string {
  return capture.replace(/\.pcap(ng)?(\.gz|\.zst)?$/, '.truth.json');
}

export async function prosody(...[network, folder, truth]: Parameters<StageOptions['servers']>) {
  const { version, certificate } = await startProsody(network, folder);
  truth.software.push(version, '@xmpp/client 0.14.0');
  return { NODE_EXTRA_CA_CERTS: certificate };
}

export async function ngircd(...[network, folder, truth]: Parameters<StageOptions['servers']>) {
  const { version } = await startNgircd(network, folder);
  truth.software.push(version, 'irc-framework 4.14.0');
  return {};
}

export async function ejabberd(...[network, folder, truth]: Parameters<StageOptions['servers']>) {
  const { version } = await startEjabberd(network, folder);
  truth.software.push(version, 'a plain socket with zlib (captured)', '@xmpp/client 0.14.0');
  return {};
}

export const recordings: Readonly<Record<string, Recorder>> = {
  'xmpp-office': recorder({
    clients: 3,
    servers: prosody,
    scene: xmppOffice,
    files: { 'xmpp-office.pcapng.gz': gzip(as('pcapng')) },
  }),
  'xmpp-starttls': recorder({
    clients: 2,
    servers: prosody,
    scene: xmppStartTls,
    files: { 'xmpp-starttls.pcap': plain },
  }),
  'xmpp-zlib': recorder({
    clients: 2,
    servers: ejabberd,
    scene: xmppZlib,
    files: { 'xmpp-zlib.pcap': plain },
  }),
  'irc-office': recorder({
    clients: 3,
    servers: ngircd,
    scene: ircOffice,
    files: { 'irc-office.pcap': plain, 'irc-office-nanosecond.pcap.zst': zstd(as('nsecpcap')) },
  }),
  'irc-short': recorder({
    clients: 2,
    servers: ngircd,
    scene: ircShort,
    device: 'any',
    files: { 'irc-ipv6-cooked.pcap': plain },
  }),
  'two-links': merged('two-links.pcapng', ['irc-ipv6-cooked.pcap', 'xmpp-zlib.pcap']),
};
