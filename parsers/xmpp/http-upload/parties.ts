/** Who brings or fetches a file, as far as the connection's client address tells. */
import { Direction } from '../../contract.ts';
import type { KnownFile, ToldFile } from './known-files.ts';

export interface Parties {
  /** Which offer it answers. */
  readonly told: ToldFile;
  readonly account: string | undefined;
  readonly recipient: string | undefined;
  /** The side whose octets are the content. */
  readonly content: Direction;
}

/** A slot is the account's own, whichever of its addresses it uses. */
export function bringing(file: KnownFile): Parties | undefined {
  const told = file.upload;
  if (told === undefined) return undefined;
  const { teller, recipient } = told;
  return { told, account: teller, recipient, content: Direction.ToServer };
}

/**
 * Whoever was told the URL at this address; else who told it from there and looks at it; else
 * somebody, on the newest offer.
 */
export function fetching(file: KnownFile, clientAddress: string): Parties | undefined {
  const content = Direction.ToClient;
  const readers = file.told.filter(({ readerAddress }) => readerAddress === clientAddress);
  const [told] = readers.slice(-1);
  if (told !== undefined) {
    const isOne = readers.every(({ reader }) => reader === told.reader);
    if (isOne) return { told, account: told.reader, recipient: told.recipient, content };
    return { told, account: undefined, recipient: undefined, content };
  }
  const all = file.upload === undefined ? file.told : [file.upload, ...file.told];
  const [own] = all.filter(({ tellerAddress }) => tellerAddress === clientAddress).slice(-1);
  if (own !== undefined) return { told: own, account: own.teller, recipient: own.teller, content };
  const [newest] = all.slice(-1);
  if (newest === undefined) return undefined;
  const recipient = newest === file.upload ? undefined : newest.recipient;
  return { told: newest, account: undefined, recipient, content };
}
