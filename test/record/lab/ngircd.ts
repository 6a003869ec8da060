/** ngircd with one network, no passwords, no look-ups, and no penalty for talking quickly. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './network.ts';
import { tail, untilListening } from './service.ts';

/** `folder` is an existing temporary folder, the caller's to remove. */
export async function startNgircd(network: Network, folder: string): Promise<{ version: string }> {
  const config = join(folder, 'ngircd.conf');
  writeFileSync(config, configuration, { mode: 0o644 });
  const child = network.spawn(network.server, 'ngircd', ['--nodaemon', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilListening(network.server, child, [6667], tail(child));
  const first = execFileSync('ngircd', ['--version'], { encoding: 'utf8' }).split('-')[0];
  return { version: first ?? 'ngircd' };
}

const configuration = `
[Global]
Name = irc.office.example
Info = Office chat
AdminInfo1 = Example office
Ports = 6667
Listen = 0.0.0.0,::
MotdPhrase = "Be kind. Company business stays in the company."
Network = OfficeNet
ServerGID = nogroup
ServerUID = nobody

[Limits]
MaxConnectionsIP = 20
MaxJoins = 20
MaxNickLength = 24
MaxPenaltyTime = 0
PingTimeout = 120

[Options]
DNS = no
Ident = no
PAM = no
`;
