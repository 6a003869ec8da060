/** An actor: the client libraries in one namespace, driven by lines of JSON on standard input. */
import { createInterface } from 'node:readline';
import type { Answer, Call } from '../lab/actor.ts';
import type { Commands } from './commands.ts';
import { ircCommands } from './irc.ts';
import { socketCommands } from './sockets.ts';
import { xmppCommands } from './xmpp.ts';

const commands: Commands = { ...xmppCommands(), ...ircCommands(), ...socketCommands() };

createInterface({ input: process.stdin })
  .on('line', (line) => void perform(JSON.parse(line)))
  .on('close', () => process.exit(0));

async function perform(call: Call): Promise<void> {
  const command = commands[call.command];
  try {
    if (command === undefined) throw new Error(`no command ${call.command}`);
    const result = await command(call.args);
    say({ id: call.id, result: result ?? null });
  } catch (error) {
    say({ id: call.id, error: `${call.command}: ${String(error)} ${JSON.stringify(call.args)}` });
  }
}

function say(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
