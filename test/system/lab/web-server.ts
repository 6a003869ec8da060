/**
 * A page that a server has over QUIC and over TCP at the same port, and a client that asks over QUIC first and over
 * TCP where nothing answers, as browsers do. The page says over which of the two it came.
 *
 * ngtcp2's programs speak QUIC, openssl's TLS.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Network } from '../../record/lab/network.ts';
import { tail, untilBound, untilListening } from '../../record/lab/service.ts';
import { run } from './run.ts';

/** What the tests that use it need. */
export const webTools = ['gtlsclient', 'gtlsserver', 'openssl', 'mount', 'sh', 'timeout'];

const PORT = 443;
const PAGE = 'page.txt';
const HOSTS = 'hosts';
/** As long as a client waits for QUIC; browsers try TCP some hundred milliseconds later. */
const PATIENCE = '20s';

export interface WebServer {
  /** Asks the server for a page by this name. */
  fetch(host: Host, name: string, options?: FetchOptions): Promise<string>;
}

export interface FetchOptions {
  readonly family?: 4 | 6;
  /** Over TCP alone. */
  readonly tcpOnly?: boolean;
  /** QUIC's own: `--version=v2draft`. */
  readonly quic?: readonly string[];
  /** Of the client's wait for QUIC, where none is to come: `3s`. */
  readonly patience?: string;
}

/** `folder` is an existing temporary folder, the caller's to remove. */
export async function startWebServer(
  network: Network,
  folder: string,
  names: readonly string[],
): Promise<WebServer> {
  const { server } = network;
  const key = join(folder, 'web.key');
  const certificate = join(folder, 'web.crt');
  makeCertificate(certificate, key, names);
  const roots = ['quic', 'tls'].map((way) => {
    const root = join(folder, way);
    mkdirSync(root);
    writeFileSync(join(root, PAGE), `over ${way}`);
    return root;
  });
  const [quicRoot = '', tlsRoot = ''] = roots;
  // Its own addresses: of '*' it takes the one that the kernel likes best, which need not be the one that was asked.
  for (const address of [server.address, server.address6]) {
    const options = ['--quiet', '--no-quic-dump', `--htdocs=${quicRoot}`];
    const args = [...options, address, String(PORT), key, certificate];
    const quic = network.spawn(server, 'gtlsserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const bound = address.includes(':') ? `[${address}]:${PORT}` : `${address}:${PORT}`;
    // A client that comes before it has may have lost its patience when it has.
    await untilBound(server, quic, bound, tail(quic));
  }
  const listen = ['s_server', '-accept', String(PORT), '-WWW', '-key', key, '-cert', certificate];
  const tls = network.spawn(server, 'openssl', listen, {
    cwd: tlsRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilListening(server, tls, [PORT], tail(tls));
  return {
    fetch: async (host, name, options = {}) => {
      const { family = 4, quic = [], tcpOnly = false, patience = PATIENCE } = options;
      const client = { network, host, folder, name };
      const how = [`--handshake-timeout=${patience}`, ...quic];
      writeFileSync(
        join(folder, HOSTS),
        `${family === 4 ? server.address : server.address6} ${name}\n`,
      );
      return (tcpOnly ? undefined : await overQuic(client, how)) ?? (await overTls(client));
    },
  };
}

interface Client {
  readonly network: Network;
  readonly host: Host;
  readonly folder: string;
  readonly name: string;
}

/** Undefined where no answer came: the program's exit code does not tell. */
async function overQuic(client: Client, options: readonly string[]): Promise<string | undefined> {
  const { folder, name } = client;
  const got = join(folder, PAGE);
  rmSync(got, { force: true });
  await runNaming(client, [
    ...['gtlsclient', '--quiet', '--no-quic-dump', '--no-http-dump', '--exit-on-all-streams-close'],
    ...[`--download=${folder}`, ...options],
    ...[name, String(PORT), `https://${name}/${PAGE}`],
  ]);
  return existsSync(got) ? readFileSync(got, 'utf8') : undefined;
}

async function overTls(client: Client): Promise<string> {
  const { name } = client;
  const asking = `openssl s_client -quiet -connect ${name}:${PORT} -servername ${name}`;
  const command = `printf 'GET /${PAGE} HTTP/1.0\\r\\n\\r\\n' | timeout 30 ${asking}`;
  const answer = await runNaming(client, ['sh', '-c', command]);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

/**
 * The program with the lab's names: /etc/hosts is another file for it alone, since `ip netns exec` gives it mounts of
 * its own.
 */
function runNaming({ network, host, folder }: Client, command: readonly string[]): Promise<string> {
  const named = 'mount --bind "$0" /etc/hosts && exec "$@"';
  return run(network, host, 'sh', ['-c', named, join(folder, HOSTS), ...command]);
}

function makeCertificate(certificate: string, key: string, names: readonly string[]): void {
  const [first = 'localhost'] = names;
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-nodes', '-days', '2', '-keyout', key],
      ...['-out', certificate, '-subj', `/CN=${first}`],
      ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ],
    { stdio: 'ignore' },
  );
}
