/**
 * prosody with the two companies of the example: `office.example` (captured) and
 * `partner.example` (outsiders), a chat room service, proxy65 and HTTP upload; all in clear.
 * `secure.example` is the same server with StartTLS and a certificate made for the occasion.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Network } from './network.ts';
import { tail, untilListening } from './service.ts';

export const xmppPassword = 'correct horse battery staple';
const domains = ['office.example', 'partner.example', 'secure.example'] as const;
const accounts = ['anna', 'ben', 'dana', 'erik'] as const;

export interface Prosody {
  readonly version: string;
  /** PEM file that signs the certificate of secure.example. */
  readonly certificate: string;
}

/** `folder` is an existing temporary folder, the caller's to remove. */
export async function startProsody(network: Network, folder: string): Promise<Prosody> {
  const host = network.server;
  const certificate = join(folder, 'secure.example.crt');
  makeCertificate(certificate, join(folder, 'secure.example.key'));
  for (const domain of domains) {
    const store = join(folder, 'data', domain.replaceAll('.', '%2e'), 'accounts');
    mkdirSync(store, { recursive: true });
    for (const account of accounts) {
      writeFileSync(join(store, `${account}.dat`), `return { ["password"] = "${xmppPassword}" };`);
    }
  }
  const config = join(folder, 'prosody.cfg.lua');
  writeFileSync(config, configuration(host, folder));
  const child = network.spawn(host, 'prosody', ['--config', config, '-F'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilListening(host, child, [5222, 5000, 5280], tail(child));
  return { version: version(), certificate };
}

function configuration(host: Host, folder: string): string {
  return `
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
certificates = "${folder}"
log = { { levels = { min = "warn" }, to = "console" } }
interfaces = { "*", "::" }
c2s_ports = { 5222 }
c2s_direct_tls_ports = { }
s2s_ports = { }
http_ports = { 5280 }
http_interfaces = { "*", "::" }
https_ports = { }
proxy65_ports = { 5000 }
proxy65_interfaces = { "*", "::" }
use_ipv6 = true
c2s_require_encryption = false
s2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
archive_expires_after = "never"
modules_enabled = {
  "roster", "saslauth", "disco", "presence", "message", "iq", "carbons", "smacks", "blocklist",
  "mam", "ping", "private", "vcard_legacy", "pep", "legacyauth"
}
modules_disabled = { "s2s", "tls" }
ssl = { key = "${folder}/secure.example.key", certificate = "${folder}/secure.example.crt" }

VirtualHost "office.example"
VirtualHost "partner.example"
VirtualHost "secure.example"
  modules_disabled = { "s2s" }
  modules_enabled = { "tls" }

Component "rooms.office.example" "muc"
  restrict_room_creation = false
  muc_room_default_public = true
Component "proxy.office.example" "proxy65"
  proxy65_address = "${host.address}"
  proxy65_acl = { "office.example", "partner.example" }
Component "upload.office.example" "http_file_share"
  http_external_url = "http://${host.address}:5280"
  http_host = "${host.address}"
`;
}

function makeCertificate(certificate: string, key: string): void {
  const subject = ['-subj', '/CN=secure.example', '-addext', 'subjectAltName=DNS:secure.example'];
  const files = ['-keyout', key, '-out', certificate];
  // Made in no time, where primes of RSA take a fifth of a second of a processor.
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...kind, '-nodes', '-days', '3650', ...files, ...subject],
    {
      stdio: 'ignore',
    },
  );
}

function version(): string {
  const shown = execFileSync('dpkg-query', ['--show', 'prosody'], { encoding: 'utf8' });
  return shown.trim().replace('\t', ' ').replace(/-.*/, '');
}
