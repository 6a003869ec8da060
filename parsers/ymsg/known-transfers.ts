/**
 * What the pager's flows and the HTTP flows know of the same transfer, in the family's memory:
 *
 *   t <token>        an offer of YMSG 15 (key 265)
 *   r <relay token>  the file of it that a relay carries under this token (key 251)
 *   u <target>       the file that is fetched from, or posted to, this path and query
 *   up <from> <to>   files uploaded for somebody, whose URL is still to be told (YMSG 14 and older)
 *   w <endpoint>     the targets whose request has not come yet
 */
import { ownCopy } from '../../src/bytes/text.ts';
import { windows1252 } from '../../src/bytes/windows-1252.ts';
import type { FilePurpose, TransferMethod } from '../../src/event/event.ts';
import type { SharedMemory } from '../contract.ts';
import { BATCH_NAMES_LIMIT, PENDING_LIMIT, STRANGERS_LIMIT, UPLOADS_LIMIT } from './ymsg-limits.ts';

export interface OfferedFile {
  readonly name: string | undefined;
  readonly size: number | undefined;
}

/** An offer and its files, under key 265. */
export interface Batch {
  readonly token: string;
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  readonly files: readonly OfferedFile[];
  readonly refused?: boolean;
}

/** One file on its way over HTTP. */
export interface KnownTransfer {
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  /** Of the pager flow that told it last. */
  readonly account: string | undefined;
  readonly origin: 'client' | 'server';
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly token: string | undefined;
  readonly url: string | undefined;
  readonly method: TransferMethod;
  readonly purpose?: FilePurpose;
  /** Its content has passed whole on one connection: what passes on another is a copy. */
  passed: boolean;
  /** Of a refused offer: as what its request is stopped (FlowContext.expectedByToken). */
  readonly refusedToken?: string;
  /** The upload of what is fetched here. */
  readonly source?: KnownTransfer | undefined;
}

/** The requests that are waited for at one address and port. */
interface Waiting {
  readonly targets: readonly string[];
  /** Connections since the last offer that were somebody else's. */
  readonly strangers: number;
}

export class KnownTransfers {
  readonly #memory: SharedMemory;

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  batch(token: string): Batch | undefined {
    return this.#memory.get(`t ${token}`) as Batch | undefined;
  }

  setBatch(batch: Batch): void {
    const files: OfferedFile[] = [];
    let characters = 0;
    for (const file of batch.files) {
      characters += file.name?.length ?? 0;
      if (characters > BATCH_NAMES_LIMIT) break;
      files.push(file);
    }
    this.#memory.set(`t ${batch.token}`, { ...batch, files });
  }

  /** The file of a batch by its name; the only one, where it is not named. */
  fileOf(token: string, name: string | undefined): OfferedFile | undefined {
    const files = this.batch(token)?.files ?? [];
    if (name === undefined) return files.length === 1 ? files[0] : undefined;
    return files.find((file) => file.name === name) ?? { name, size: undefined };
  }

  relayed(token: string): KnownTransfer | undefined {
    return this.#memory.get(`r ${token}`) as KnownTransfer | undefined;
  }

  /** Told on each leg of the pager, and each way: the first stays. */
  setRelayed(token: string, transfer: KnownTransfer): void {
    if (this.relayed(token) === undefined) this.#memory.set(`r ${token}`, transfer);
  }

  at(target: string): KnownTransfer | undefined {
    return this.#memory.get(`u ${target}`) as KnownTransfer | undefined;
  }

  setAt(target: string, transfer: KnownTransfer): void {
    this.#memory.set(`u ${ownCopy(target)}`, transfer);
  }

  /** A request for this target is to come to this endpoint. */
  wait(endpoint: string, target: string): void {
    const before = this.#waiting(endpoint)?.targets ?? [];
    const others = before.filter((other) => other !== target);
    const targets = [...others.slice(1 - PENDING_LIMIT), ownCopy(target)];
    this.#memory.set(`w ${endpoint}`, { targets, strangers: 0 });
  }

  /**
   * A connection came there, for this target or (undefined) as a stranger. Whether there is still
   * something to wait for.
   */
  came(endpoint: string, target: string | undefined): boolean {
    const waiting = this.#waiting(endpoint);
    if (waiting === undefined) return false;
    const targets = waiting.targets.filter((other) => other !== target);
    const strangers = waiting.strangers + (target === undefined ? 1 : 0);
    if (targets.length === 0 || strangers > STRANGERS_LIMIT) {
      this.#memory.delete(`w ${endpoint}`);
      return false;
    }
    this.#memory.set(`w ${endpoint}`, { targets, strangers });
    return true;
  }

  #waiting(endpoint: string): Waiting | undefined {
    return this.#memory.get(`w ${endpoint}`) as Waiting | undefined;
  }

  uploaded(transfer: KnownTransfer): void {
    const key = uploadsOf(transfer.sender, transfer.recipient);
    const before = (this.#memory.get(key) as readonly KnownTransfer[] | undefined) ?? [];
    this.#memory.set(key, [...before.slice(1 - UPLOADS_LIMIT), transfer]);
  }

  /** The upload between the two that a URL ends in: once. */
  takeUpload(
    sender: string | undefined,
    recipient: string | undefined,
    name: string | undefined,
  ): KnownTransfer | undefined {
    const key = uploadsOf(sender, recipient);
    const before = (this.#memory.get(key) as readonly KnownTransfer[] | undefined) ?? [];
    const found = before.find((transfer) => isNamed(transfer.name, name));
    if (found === undefined) return undefined;
    this.#memory.set(
      key,
      before.filter((transfer) => transfer !== found),
    );
    return found;
  }
}

function uploadsOf(sender: string | undefined, recipient: string | undefined): string {
  return `up ${sender ?? ''} ${recipient ?? ''}`;
}

/** Servers are known to encode the UTF-8 octets of a name a second time. */
function isNamed(uploaded: string | undefined, told: string | undefined): boolean {
  if (uploaded === undefined || told === undefined) return false;
  return uploaded === told || windows1252(new TextEncoder().encode(uploaded)) === told;
}
