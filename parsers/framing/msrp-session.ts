/**
 * What the SDP of an INVITE says of an MSRP session, for the parser of its connection: found in the
 * family's shared memory by the path URI of either side (RFC 4975 §8, §14.1: the session identifier is
 * what ties them, not the addresses).
 */
export interface OfferedFile {
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime: string | undefined;
  /** Lower-case hex, as announced. */
  readonly sha1: string | undefined;
  /** `a=file-transfer-id`, else the Call-ID. */
  readonly token: string | undefined;
  readonly offset: number;
  readonly purpose: 'inline' | undefined;
  /** Who makes the offer has the file (`sendonly`), or asks for it (`recvonly`). */
  readonly offererSends: boolean;
}

export class MsrpSession {
  readonly account: string | undefined;
  readonly offerer: string | undefined;
  readonly answerer: string | undefined;
  /** The offerer is the account's side of the SIP connection. */
  readonly offererIsOwn: boolean;
  readonly file: OfferedFile | undefined;
  room: string | undefined = undefined;
  /** The transfer is complete, declined or given up, and that has been said. */
  ended = false;
  started = false;
  /** Its offer, or the acceptance: the connection is not to carry it. */
  refused = false;

  constructor(
    account: string | undefined,
    offerer: string | undefined,
    answerer: string | undefined,
    offererIsOwn: boolean,
    file: OfferedFile | undefined,
  ) {
    this.account = account;
    this.offerer = offerer;
    this.answerer = answerer;
    this.offererIsOwn = offererIsOwn;
    this.file = file;
  }
}

/** As which a refused session is stopped where its connection tells it (FlowContext.expectedByToken). */
export function refusedSession({ file, offerer }: MsrpSession): string {
  return `msrp ${offerer} ${file?.token}`;
}

/** One side's path in the shared memory. */
export class MsrpSide {
  readonly session: MsrpSession;
  readonly isOfferer: boolean;

  constructor(session: MsrpSession, isOfferer: boolean) {
    this.session = session;
    this.isOfferer = isOfferer;
  }
}

const KEY_LIMIT = 300; // characters

/** Key of a path URI in shared memory: `msrp://host:port/session;tcp` without what may differ. */
export function msrpKey(uri: string): string | undefined {
  const parts = /^msrps?:\/\/(?:[^@/;]*@)?([^/;]+)(?:\/([^;\s]*))?/i.exec(uri);
  const host = parts?.[1];
  if (host === undefined) return undefined;
  const key = `msrp ${host.toLowerCase()}/${parts?.[2] ?? ''}`;
  return key.length > KEY_LIMIT ? undefined : key;
}

/** Host and port of a path URI, brackets of IPv6 taken off. */
export function msrpEndpoint(uri: string): { host: string; port: number } | undefined {
  const parts = /^msrps?:\/\/(?:[^@/;]*@)?(\[[^\]]+\]|[^/;:]+)(?::(\d{1,5}))?/i.exec(uri);
  const host = parts?.[1];
  if (host === undefined) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(parts?.[2] ?? 2855) };
}
