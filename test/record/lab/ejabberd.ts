/**
 * ejabberd for office.example with stream compression (XEP-0138), in clear, accounts by in-band
 * registration. Runs without Erlang distribution: no epmd is started.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './network.ts';
import { tail, untilListening } from './service.ts';

/** `folder` is an existing temporary folder, the caller's to remove. */
export async function startEjabberd(
  network: Network,
  folder: string,
): Promise<{ version: string }> {
  const config = join(folder, 'ejabberd.yml');
  writeFileSync(config, configuration);
  const number = execFileSync('dpkg-query', ['--show', 'ejabberd'], { encoding: 'utf8' })
    .trim()
    .replace(/^ejabberd\s+/, '')
    .replace(/-.*/, '');
  const modules = ['x86_64', 'aarch64']
    .map((machine) => `/usr/lib/${machine}-linux-gnu/ejabberd-${number}/ebin`)
    .find((path) => existsSync(path));
  if (modules === undefined) throw new Error(`no modules of ejabberd ${number}`);
  const database = ['-mnesia', 'dir', `"${join(folder, 'mnesia')}"`];
  const args = ['-noinput', '-pa', modules, ...database, '-s', 'ejabberd'];
  const child = network.spawn(network.server, 'erl', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: {
      ...process.env,
      HOME: folder,
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
    },
  });
  await untilListening(network.server, child, [5222], tail(child));
  return { version: `ejabberd ${number}` };
}

const configuration = `
hosts: [office.example]
loglevel: warning
registration_timeout: infinity
auth_method: internal
auth_password_format: plain
listen:
  - port: 5222
    ip: "0.0.0.0"
    module: ejabberd_c2s
    access: c2s
    shaper: none
    zlib: true
access_rules:
  c2s: { allow: all }
  register: { allow: all }
modules:
  mod_register:
    access: register
    ip_access: all
    password_strength: 0
    welcome_message: {}
  mod_roster: {}
  mod_disco: {}
`;
