/**
 * Files over XMPP: in-band from an outsider, through proxy65 to a colleague, a refused program
 * (Jingle), and an upload whose link is shared.
 */
import { createHash } from 'node:crypto';
import { serverAddress } from '../lab/network.ts';
import { breathe } from '../stage.ts';
import { sha256 } from '../truth.ts';
import { type Cast, chat } from './cast.ts';
import { lunchMenu, offerPdf, workbook } from './documents.ts';
import { nextId, type XmppPerson } from './xmpp-person.ts';

const si = 'http://jabber.org/protocol/si';
const ibb = 'http://jabber.org/protocol/ibb';
const bytestreams = 'http://jabber.org/protocol/bytestreams';

export async function xmppFiles(cast: Cast): Promise<void> {
  await inBand(cast);
  await throughProxy(cast);
  await refusedProgram(cast);
  await upload(cast);
}

/** XEP-0096 offer with one method, accepted (XEP-0095); resolves when both sides agreed. */
async function offer(
  from: XmppPerson,
  to: XmppPerson,
  sid: string,
  file: { name: string; size: number; mime: string },
  method: string,
): Promise<void> {
  const negotiate = (form: string) =>
    `<feature xmlns='http://jabber.org/protocol/feature-neg'>${form}</feature>`;
  const option = `<option><value>${method}</value></option>`;
  const ask = `<x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>${option}</field></x>`;
  const profile = `${si}/profile/file-transfer`;
  const described = `<file xmlns='${profile}' name='${file.name}' size='${file.size}'/>`;
  const attributes = `xmlns='${si}' id='${sid}' mime-type='${file.mime}' profile='${profile}'`;
  const asked = from.request(
    'set',
    to.full,
    `<si ${attributes}>${described}${negotiate(ask)}</si>`,
  );
  const stanza = await to.wait(`id="${sid}"`, si);
  await breathe();
  const chosen = `<x xmlns='jabber:x:data' type='submit'><field var='stream-method'><value>${method}</value></field></x>`;
  await to.answer(stanza, `<si xmlns='${si}'>${negotiate(chosen)}</si>`);
  await asked;
}

async function inBand({ stage, anna, dana }: Cast): Promise<void> {
  const content = offerPdf();
  const name = 'offer-2026.pdf';
  const size = content.length;
  await offer(dana, anna, 'si-offer', { name, size, mime: 'application/pdf' }, ibb);
  const parties = { from: dana.bare, to: [anna.bare] };
  stage.truth.add({ kind: 'file.offer', origin: 'server', ...parties, file: { name, size } });
  stage.truth.add({ kind: 'file.accept', origin: 'client' });
  const block = 2048;
  await dana.request(
    'set',
    anna.full,
    `<open xmlns='${ibb}' sid='si-offer' block-size='${block}' stanza='iq'/>`,
  );
  for (let sequence = 0; sequence * block < size; sequence++) {
    const part = content.subarray(sequence * block, (sequence + 1) * block).toString('base64');
    await dana.request(
      'set',
      anna.full,
      `<data xmlns='${ibb}' sid='si-offer' seq='${sequence}'>${part}</data>`,
    );
  }
  await dana.request('set', anna.full, `<close xmlns='${ibb}' sid='si-offer'/>`);
  const file = { name, size, sha256: sha256(content), method: 'ibb' };
  stage.truth.add({ kind: 'file.complete', ...parties, file });
}

/**
 * Octets sent before the receiver has them: prosody's proxy stops reading at 4096 that wait, and
 * once in many runs on a busy machine it did not go on.
 */
const PROXY_PART = 2000;

/** XEP-0065 through the server's proxy: both sides connect to it and name the same token. */
async function throughProxy({ stage, anna, ben }: Cast): Promise<void> {
  const content = workbook(20_000);
  const name = 'price list 2026.xlsx';
  const size = content.length;
  const sid = 's5b-prices';
  const proxy = 'proxy.office.example';
  const mime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  await offer(anna, ben, sid, { name, size, mime }, bytestreams);
  const parties = { from: anna.bare, to: [ben.bare] };
  stage.truth.add({ kind: 'file.offer', origin: 'client', ...parties, file: { name, size } });
  stage.truth.add({ kind: 'file.accept', origin: 'server' });
  await anna.request('get', proxy, `<query xmlns='${bytestreams}'/>`);
  const host = `<streamhost jid='${proxy}' host='${serverAddress}' port='5000'/>`;
  const query = `<query xmlns='${bytestreams}' sid='${sid}' mode='tcp'>${host}</query>`;
  const hosted = anna.request('set', ben.full, query);
  const stanza = await ben.wait('<streamhost');
  const token = createHash('sha1')
    .update(sid + anna.full + ben.full)
    .digest('hex');
  await socks5(ben, token);
  await ben.answer(
    stanza,
    `<query xmlns='${bytestreams}' sid='${sid}'><streamhost-used jid='${proxy}'/></query>`,
  );
  await hosted;
  await socks5(anna, token);
  const activate = `<activate>${ben.full}</activate>`;
  await anna.request(
    'set',
    proxy,
    `<query xmlns='${bytestreams}' sid='${sid}'>${activate}</query>`,
  );
  for (let at = 0; at < size; at += PROXY_PART) {
    const part = content.subarray(at, at + PROXY_PART);
    await anna.actor.call('socket.write', { socket: token, base64: part.toString('base64') });
    await ben.actor.call('socket.read', { socket: token, octets: part.length });
  }
  await anna.actor.call('socket.end', { socket: token });
  const file = { name, size, sha256: sha256(content), method: 'socks5' };
  stage.truth.add({ kind: 'file.complete', ...parties, file });
}

/** RFC 1928: no authentication, CONNECT to the token as a domain name, port 0. */
async function socks5(person: XmppPerson, token: string): Promise<void> {
  const { actor } = person;
  await actor.call('socket.connect', { socket: token, address: serverAddress, port: 5000 });
  const write = (octets: Buffer) =>
    actor.call('socket.write', { socket: token, base64: octets.toString('base64') });
  await write(Buffer.from([5, 1, 0]));
  await actor.call('socket.read', { socket: token, octets: 2 });
  const name = Buffer.from(token);
  await write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([0, 0])]));
  const head = Buffer.from(await actor.ask('socket.read', { socket: token, octets: 5 }), 'base64');
  if (head[1] !== 0) throw new Error(`the proxy refused: ${head[1]}`);
  await actor.call('socket.read', { socket: token, octets: (head[4] ?? 0) + 2 });
}

async function refusedProgram({ stage, anna, dana }: Cast): Promise<void> {
  const jingle = "xmlns='urn:xmpp:jingle:1' sid='jingle-setup'";
  const name = 'setup.exe';
  const size = 912_384;
  const file = `<file><name>${name}</name><size>${size}</size><media-type>application/x-msdownload</media-type></file>`;
  const description = `<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>${file}</description>`;
  const transport =
    "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='ibb-setup' block-size='4096'/>";
  const contents = `<content creator='initiator' senders='initiator' name='a-file'>${description}${transport}</content>`;
  const initiate = `<jingle ${jingle} action='session-initiate' initiator='${dana.full}'>${contents}</jingle>`;
  await dana.request('set', anna.full, initiate);
  const parties = { from: dana.bare, to: [anna.bare] };
  stage.truth.add({ kind: 'file.offer', origin: 'server', ...parties, file: { name, size } });
  const reason = '<reason><decline/><text>No programs, please</text></reason>';
  await anna.request(
    'set',
    dana.full,
    `<jingle ${jingle} action='session-terminate'>${reason}</jingle>`,
  );
  stage.truth.add({ kind: 'file.decline', origin: 'client' });
  await breathe();
}

/** XEP-0363 and XEP-0066. */
async function upload(cast: Cast): Promise<void> {
  const { stage, anna, ben } = cast;
  const content = lunchMenu();
  const name = 'menu.txt';
  const attributes = `filename='${name}' size='${content.length}' content-type='text/plain'`;
  const request = `<request xmlns='urn:xmpp:http:upload:0' ${attributes}/>`;
  const slot = await anna.request('get', 'upload.office.example', request);
  const put = /<put url="([^"]*)"/.exec(slot)?.[1]?.replaceAll('&amp;', '&');
  const url = /<get url="([^"]*)"/.exec(slot)?.[1];
  const authorization = /<header name="Authorization">([^<]*)</.exec(slot)?.[1] ?? '';
  if (put === undefined || url === undefined) throw new Error(`no slot: ${slot}`);
  const file = { name, size: content.length, method: 'http-upload' };
  stage.truth.add({ kind: 'file.offer', origin: 'client', file });
  const status = await anna.actor.call('http.put', {
    url: put,
    type: 'text/plain',
    authorization,
    base64: content.toString('base64'),
  });
  if (status !== 201) throw new Error(`the upload was answered ${status}`);
  const id = nextId('u');
  await chat(
    cast,
    anna,
    ben,
    url,
    `<x xmlns='jabber:x:oob'><url>${url}</url><desc>${id}</desc></x>`,
  );
  stage.truth.add({ kind: 'file.offer', origin: 'client', file: { url, method: 'oob' } });
}
