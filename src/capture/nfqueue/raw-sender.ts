/** Sends IP datagrams of our own (a RST to either end) out of the router's own routes: raw(7), ipv6(7). */
import { libc } from '../native/libc.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const IPPROTO_RAW = 255; // implies that the header comes with the packet
const SOL_SOCKET = 1;
const SO_MARK = 36;
const MSG_DONTWAIT = 0x40;
const SOCKADDR_IN = 16;
const SOCKADDR_IN6 = 28;

export class RawSender {
  /** -1: this host has no such family. */
  readonly #ipv4: number;
  readonly #ipv6: number;
  readonly #to4 = new Uint8Array(SOCKADDR_IN);
  readonly #to6 = new Uint8Array(SOCKADDR_IN6);

  /** `mark`: on every packet, so that rules let it by. */
  constructor(mark: number) {
    this.#ipv4 = open(AF_INET, mark);
    this.#ipv6 = open(AF_INET6, mark);
    this.#to4[0] = AF_INET;
    this.#to6[0] = AF_INET6;
  }

  get isOpen(): boolean {
    return this.#ipv4 >= 0 || this.#ipv6 >= 0;
  }

  /** Descriptors of the open sockets. */
  get fds(): number[] {
    return [this.#ipv4, this.#ipv6].filter((fd) => fd >= 0);
  }

  /** False where the host cannot send it: no route, larger than the MTU, no room (errno says which). */
  send(buffer: Uint8Array, start: number, end: number): boolean {
    const isIpv4 = (buffer[start] ?? 0) >>> 4 === 4;
    const fd = isIpv4 ? this.#ipv4 : this.#ipv6;
    if (fd < 0 || end - start < (isIpv4 ? 20 : 40)) return false;
    const to = isIpv4 ? this.#to4 : this.#to6;
    if (isIpv4) for (let i = 0; i < 4; i++) to[4 + i] = buffer[start + 16 + i] ?? 0;
    else for (let i = 0; i < 16; i++) to[8 + i] = buffer[start + 24 + i] ?? 0;
    const length = end - start;
    const octets = buffer.subarray(start, end);
    return libc().sendto(fd, octets, length, MSG_DONTWAIT, to, to.length) === length;
  }

  close(): void {
    if (this.#ipv4 >= 0) libc().close(this.#ipv4);
    if (this.#ipv6 >= 0) libc().close(this.#ipv6);
  }
}

function open(family: number, mark: number): number {
  const { socket, setsockopt, close } = libc();
  const fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_MARK, Int32Array.of(mark), 4) === 0) return fd;
  close(fd);
  return -1;
}
