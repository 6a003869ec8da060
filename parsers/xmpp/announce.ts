/**
 * URLs whose content travels over plain HTTP: told to those who read that connection (http-upload/),
 * and the connection announced. https is TLS: it stays an offer.
 *
 * Names are not resolved. A host that is told by its name is waited for at the server's own address, or,
 * where no server stands between (link-local, and between servers), at that of whoever told the URL.
 */
import { boundedCopy, ownCopy } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ExpectedConnection } from '../contract.ts';
import { type HttpPlace, oneAddress, placeOf } from './http-upload/http-place.ts';
import { PARTIES_LIMIT, TEXT_LIMIT } from './http-upload/http-upload-limits.ts';
import { KnownFiles, placeKey, type ToldFile } from './http-upload/known-files.ts';
import type { XmppSession } from './session.ts';
import type { Transfer } from './transfers.ts';

/** A slot: its content is brought to `put`, and fetched from the transfer's URL. */
export function announceSlot(
  session: XmppSession,
  transfer: Transfer,
  put: string | undefined,
): void {
  const { sender, recipient, url, name, size, mime, token, method } = transfer;
  const mine = transfer.origin === 'client';
  const told = toldFile({
    service: session.service,
    sender: sender?.bare,
    senderResource: sender?.resource,
    recipient: recipient?.bare,
    room: undefined,
    route: recipient?.hasLocal ? 'direct' : 'service',
    teller: session.account,
    tellerAddress: session.role === 'server' ? undefined : session.context.clientAddress,
    reader: undefined,
    readerAddress: undefined,
    name,
    size,
    mime,
    token: token || undefined,
    method,
    refused: transfer.refused,
  });
  if (told === undefined) return;
  // The slot is told by the other side than asked for it.
  const putPlace = put === undefined ? undefined : place(session, put, !mine);
  const getPlace = url === undefined ? undefined : place(session, url, !mine);
  const known = new KnownFiles(session.context.memory);
  known.tellSlot(putPlace, getPlace, url === undefined ? undefined : ownCopy(url), told);
  expect(session, 'put', putPlace, told);
  expect(session, 'get', getPlace, told);
}

/** An offer that was said, of a file behind a URL. */
export function announceLink(session: XmppSession, event: ImEvent, refused: boolean): void {
  const { file, from, to, account } = event;
  const at =
    file?.url === undefined ? undefined : place(session, file.url, event.origin === 'client');
  if (file?.url === undefined || at === undefined) return;
  const { clientAddress, serverAddress } = session.context;
  // A copy of what another device of the account said is the account's own as well.
  const isOwn = event.origin === 'client' || (account !== undefined && from === account);
  const own = session.role === 'server' ? undefined : oneAddress(clientAddress);
  const other = session.linkLocal ? oneAddress(serverAddress) : undefined;
  const told = toldFile({
    service: session.service,
    sender: from,
    senderResource: event.fromResource,
    recipient: to?.[0],
    room: event.room,
    route: event.route,
    teller: isOwn ? account : from,
    tellerAddress: isOwn ? own : other,
    reader: isOwn ? to?.[0] : account,
    readerAddress: isOwn ? other : own,
    name: file.name,
    size: file.size,
    mime: file.mime,
    token: file.token,
    method: file.method,
    refused,
  });
  if (told === undefined) return;
  new KnownFiles(session.context.memory).tellLink(at, ownCopy(file.url), told);
  expect(session, 'get', at, told);
}

function place(session: XmppSession, url: string, fromClient: boolean): HttpPlace | undefined {
  const { clientAddress, serverAddress } = session.context;
  const isBetween = session.role !== 'server' && !session.linkLocal;
  return placeOf(url, fromClient && !isBetween ? clientAddress : serverAddress);
}

/** Kept beyond its stanza; undefined where it is too much to keep. */
function toldFile(said: ToldFile): ToldFile | undefined {
  const parties = [said.sender, said.senderResource, said.recipient, said.room];
  const length = parties.reduce((sum, party) => sum + (party?.length ?? 0), 0);
  if (length > PARTIES_LIMIT) return undefined;
  return {
    ...said,
    name: kept(said.name),
    mime: kept(said.mime),
    token: kept(said.token),
  };
}

function kept(text: string | undefined): string | undefined {
  return text === undefined ? undefined : boundedCopy(text, TEXT_LIMIT);
}

function expect(
  session: XmppSession,
  way: 'put' | 'get',
  at: HttpPlace | undefined,
  told: ToldFile,
): void {
  if (at === undefined) return;
  const connection: ExpectedConnection = {
    protocol: 'http-upload',
    service: told.service,
    offer: {
      service: told.service,
      account: session.account,
      sender: told.sender,
      recipient: told.recipient,
      senderListens: way === 'get',
      room: told.room,
      name: told.name,
      size: told.size,
      offset: 0,
      mime: told.mime,
      token: told.token,
      method: told.method ?? 'oob',
      origin: told.tellerAddress === undefined ? 'server' : 'client',
    },
  };
  const { address, port } = at;
  // A server of many: the request for the file is refused, not who connects.
  session.sink?.expect({ ...connection, address, port, shared: true });
  if (!told.refused) return;
  session.sink?.expect({ ...connection, token: placeKey(way, at, at.target) }, true);
}
