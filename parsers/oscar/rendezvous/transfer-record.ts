/**
 * Proposals as all connections of one engine know them: kept under their cookie in the memory of the
 * family `oscar`, so that a data connection finds the offer that it carries, through however many
 * redirections and proxies. TOC writes the same kind of record.
 *
 * Cookies are 8 octets that clients choose, some at random among few: another party may come to the
 * same. The later proposal stands.
 */
import {
  Direction,
  type FlowContext,
  type SharedMemory,
  type TransferOffer,
} from '../../contract.ts';

export interface TransferRecord {
  readonly cookie: string;
  readonly offer: TransferOffer;
  /** Files announced; undefined where it is not told. */
  readonly files: number | undefined;
  /** Its content passed, or it was taken back: the cookie may be another's next. */
  done: boolean;
  /** The proposal, or its acceptance: the connection is then not to be. */
  refused?: boolean;
}

const NO_COOKIE = '0000000000000000';

/** The token of a connection that carries this refused proposal, wherever it goes: it tells the cookie. */
export function refusedToken(cookie: string): string {
  return `rendezvous ${cookie}`;
}

/** The engine does not let the connection of a refused proposal go on. */
export function stopRefused(context: FlowContext, record: TransferRecord | undefined): void {
  if (record?.refused === true) context.expectedByToken(refusedToken(record.cookie));
}

export function rememberTransfer(memory: SharedMemory, record: TransferRecord): void {
  memory.set(`transfer ${record.cookie}`, record);
}

/** Unless the cookie is another's by now. */
export function forgetTransfer(memory: SharedMemory, record: TransferRecord): void {
  if (transferOf(memory, record.cookie) === record) memory.delete(`transfer ${record.cookie}`);
}

export function transferOf(memory: SharedMemory, cookie: string): TransferRecord | undefined {
  if (cookie === NO_COOKIE) return undefined;
  return memory.get(`transfer ${cookie}`) as TransferRecord | undefined;
}

/** The proxied connection between these ends carries the rendezvous of this cookie. */
export function rememberProxied(memory: SharedMemory, ends: FlowEnds, cookie: string): void {
  memory.set(proxiedKey(ends), cookie);
}

/** Taken: the next call has none. */
export function takeProxied(memory: SharedMemory, ends: FlowEnds): string | undefined {
  const key = proxiedKey(ends);
  const cookie = memory.get(key) as string | undefined;
  if (cookie !== undefined) memory.delete(key);
  return cookie;
}

export interface FlowEnds {
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
}

/**
 * Of an announced connection: whether what flows in this direction comes from who listens. A flow that
 * was picked up in the middle may be taken for its mirror image.
 */
export function isFromListener(context: FlowContext, direction: Direction): boolean {
  const { expected, clientAddress, clientPort } = context;
  const mirrored = expected?.address === clientAddress && expected.port === clientPort;
  return mirrored === (direction === Direction.ToServer);
}

function proxiedKey(ends: FlowEnds): string {
  return `proxied ${ends.clientAddress} ${ends.clientPort} ${ends.serverAddress} ${ends.serverPort}`;
}
