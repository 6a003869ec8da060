/**
 * DCC between clients: a file each way (one of them passive), a direct chat, and a program that
 * is turned down. irc-framework carries the offers; the data connections are plain sockets.
 */
import { breathe } from '../stage.ts';
import { sha256 } from '../truth.ts';
import { offerPdf, workbook } from './documents.ts';
import type { IrcCast } from './irc-cast.ts';
import type { IrcPerson } from './irc-person.ts';

export async function ircFiles(cast: IrcCast): Promise<void> {
  const { anna, ben, mallory } = cast;
  await send(cast, mallory, anna, 'offer-2026.pdf', offerPdf());
  await sendPassively(cast, anna, ben, 'price list 2026.xlsx', workbook(30_000));
  await refused(cast);
  await chat(cast);
}

/** The address as DCC writes it: a decimal number of 32 bits. */
function dccAddress(person: IrcPerson): string {
  const octets = person.actor.host.address.split('.').map(Number);
  return String(octets.reduce((sum, octet) => sum * 256 + octet, 0));
}

function quoted(name: string): string {
  return name.includes(' ') ? `"${name}"` : name;
}

async function listen(person: IrcPerson, socket: string): Promise<string> {
  const { address } = person.actor.host;
  return String(await person.actor.call('socket.listen', { socket, address }));
}

async function dcc(from: IrcPerson, to: IrcPerson, parts: string[]): Promise<void> {
  await from.do('ctcp', { to: to.nick, type: 'DCC', parts });
  await to.wait('DCC', ...parts.slice(0, 2));
}

/** The data connection's course once both ends are joined. */
async function transfer(from: IrcPerson, to: IrcPerson, socket: string, content: Buffer) {
  await from.actor.call('socket.write', { socket, base64: content.toString('base64') });
  const octets = content.length;
  const hash = await to.actor.ask('socket.receiveDcc', { socket, octets });
  if (hash !== sha256(content)) throw new Error('the file arrived damaged');
  await to.actor.call('socket.end', { socket });
}

function note(
  { stage, anna }: IrcCast,
  from: IrcPerson,
  to: IrcPerson,
  name: string,
  content: Buffer,
) {
  const parties = { from: from.nick, to: [to.nick] };
  const file = { name, size: content.length, method: 'dcc' };
  const origin = from === anna ? 'client' : 'server';
  stage.truth.add({ kind: 'file.offer', origin, ...parties, file });
  stage.truth.add({
    kind: 'file.complete',
    ...parties,
    file: { ...file, sha256: sha256(content) },
  });
}

async function send(cast: IrcCast, from: IrcPerson, to: IrcPerson, name: string, content: Buffer) {
  const port = await listen(from, name);
  await dcc(from, to, ['SEND', quoted(name), dccAddress(from), port, String(content.length)]);
  const { address } = from.actor.host;
  await to.actor.call('socket.connect', { socket: name, address, port: Number(port) });
  await transfer(from, to, name, content);
  note(cast, from, to, name, content);
  await breathe();
}

/** Reverse DCC: port 0 and a token; the receiver listens and answers with its port. */
async function sendPassively(
  cast: IrcCast,
  from: IrcPerson,
  to: IrcPerson,
  name: string,
  content: Buffer,
) {
  const size = String(content.length);
  const token = '77';
  await dcc(from, to, ['SEND', quoted(name), dccAddress(from), '0', size, token]);
  const port = await listen(to, name);
  await dcc(to, from, ['SEND', quoted(name), dccAddress(to), port, size, token]);
  const { address } = to.actor.host;
  await from.actor.call('socket.connect', { socket: name, address, port: Number(port) });
  await transfer(from, to, name, content);
  note(cast, from, to, name, content);
  await breathe();
}

async function refused({ stage, anna, mallory }: IrcCast): Promise<void> {
  const name = 'invoice_2026.pdf.exe';
  const size = 48_128;
  await dcc(mallory, anna, ['SEND', name, dccAddress(mallory), '5001', String(size)]);
  const parties = { from: mallory.nick, to: [anna.nick] };
  const file = { name, size, method: 'dcc' };
  stage.truth.add({ kind: 'file.offer', origin: 'server', ...parties, file });
  await anna.do('ctcpAnswer', { to: mallory.nick, type: 'DCC', parts: ['REJECT', 'SEND', name] });
  await mallory.wait('REJECT');
  stage.truth.add({ kind: 'file.decline', origin: 'client' });
  await breathe();
}

/** DCC CHAT: two lines past the server. */
async function chat({ stage, anna, ben }: IrcCast): Promise<void> {
  const socket = 'chat';
  const port = await listen(ben, socket);
  await dcc(ben, anna, ['CHAT', 'chat', dccAddress(ben), port]);
  const { address } = ben.actor.host;
  await anna.actor.call('socket.connect', { socket, address, port: Number(port) });
  const lines = [
    [ben, anna, 'the server is slow, better here'],
    [anna, ben, 'agreed, falcon is a go for May'],
  ] as const;
  for (const [from, to, text] of lines) {
    const base64 = Buffer.from(`${text}\n`).toString('base64');
    await from.actor.call('socket.write', { socket, base64 });
    await to.actor.call('socket.readUntil', { socket, text: '\n' });
    stage.truth.add({ kind: 'message', from: from.nick, to: [to.nick], text });
    await breathe();
  }
  await anna.actor.call('socket.end', { socket });
}
