/**
 * The C library, as far as capturing and guarding a wire need it, through koffi: no native code of
 * ours. Loaded on first use, so that whoever only replays captures never loads it. Linux, 64 bit.
 *
 * Every function returns what the C function returns; `failure` words errno after a -1.
 */
import { createRequire } from 'node:module';
import { getSystemErrorMap } from 'node:util';

type Octets = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigUint64Array;

export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Octets, length: number): number;
  /** `length`: one word, in and out. */
  getsockopt(fd: number, level: number, name: number, value: Octets, length: Uint32Array): number;
  bind(fd: number, address: Octets, length: number): number;
  /** `fds`: struct pollfd[]: fd(4) events(2) revents(2). Blocks the thread; the timeout is in milliseconds. */
  poll(fds: Octets, count: number, timeout: number): number;
  close(fd: number): number;
  ioctl(fd: number, request: number, argument: Octets): number;
  /** `messages`: struct mmsghdr[], 64 octets each. */
  sendmmsg(fd: number, messages: Octets, count: number, flags: number): number;
  recvmmsg(fd: number, messages: Octets, count: number, flags: number, timeout: null): number;
  sendto(
    fd: number,
    octets: Octets,
    length: number,
    flags: number,
    to: Octets,
    toLength: number,
  ): number;
  recv(fd: number, octets: Octets, length: number, flags: number): number;
  if_nametoindex(name: string): number;
  /** system calls that have no function in every C library: pidfd_open, pidfd_send_signal. */
  syscall(number: number, a: number, b: number, c: number, d: number): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  /** `header`: struct __user_cap_header_struct; `data`: two of __user_cap_data_struct. Of this thread. */
  capset(header: Octets, data: Octets): number;
  /** `parameter`: struct sched_param: one int. */
  sched_setscheduler(pid: number, policy: number, parameter: Octets): number;
  setpriority(which: number, who: number, nice: number): number;
  /** `clock`: struct timex; what it returns is the state of the clock. */
  adjtimex(clock: Octets): number;
  /** `time`: struct timespec, two 64-bit words. */
  /** `mask`: cpu_set_t, one bit a CPU; pid 0 is the calling thread. */
  sched_getaffinity(pid: number, octets: number, mask: Octets): number;
  sched_setaffinity(pid: number, octets: number, mask: Octets): number;
  clock_gettime(clock: number, time: Octets): number;
}

export interface MappedMemory {
  readonly buffer: ArrayBuffer;
  /** Address of the first octet, exact as a double (below 2^53). */
  readonly address: number;
  unmap(): void;
}

interface Loaded {
  readonly libc: Libc;
  errno(): number;
  addressOf(octets: Octets): number;
  map(fd: number, length: number): MappedMemory | undefined;
  unmap(address: number, length: number): void;
}

let loaded: Loaded | undefined;

/** Throws where koffi or the C library cannot be loaded: the message says which. */
function load(): Loaded {
  if (loaded !== undefined) return loaded;
  // Not an import: koffi is loaded when the first live interface is opened, not with the program.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const library = koffi.load('libc.so.6');
  const mmap = library.func('void *mmap(void *, size_t, int, int, int, int64_t)');
  const munmap = library.func('int munmap(void *, size_t)');
  const libc: Libc = {
    socket: library.func('int socket(int, int, int)'),
    setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)'),
    getsockopt: library.func('int getsockopt(int, int, int, void *, void *)'),
    bind: library.func('int bind(int, void *, uint32_t)'),
    poll: library.func('int poll(void *, uint64_t, int)'),
    close: library.func('int close(int)'),
    ioctl: library.func('int ioctl(int, uint64_t, void *)'),
    sendmmsg: library.func('int sendmmsg(int, void *, uint32_t, int)'),
    recvmmsg: library.func('int recvmmsg(int, void *, uint32_t, int, void *)'),
    sendto: library.func('int64_t sendto(int, void *, size_t, int, void *, uint32_t)'),
    recv: library.func('int64_t recv(int, void *, size_t, int)'),
    if_nametoindex: library.func('uint32_t if_nametoindex(const char *)'),
    syscall: library.func('int64_t syscall(int64_t, int64_t, int64_t, int64_t, int64_t)'),
    prctl: library.func('int prctl(int, uint64_t, uint64_t, uint64_t, uint64_t)'),
    capset: library.func('int capset(void *, void *)'),
    sched_setscheduler: library.func('int sched_setscheduler(int, int, void *)'),
    setpriority: library.func('int setpriority(int, int, int)'),
    adjtimex: library.func('int adjtimex(void *)'),
    sched_getaffinity: library.func('int sched_getaffinity(int, size_t, void *)'),
    sched_setaffinity: library.func('int sched_setaffinity(int, size_t, void *)'),
    clock_gettime: library.func('int clock_gettime(int, void *)'),
  };
  const map = (fd: number, length: number): MappedMemory | undefined => {
    const pointer: unknown = mmap(null, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    const address = Number(koffi.address(pointer));
    if (pointer === null || address === MAP_FAILED) return undefined;
    return {
      buffer: koffi.view(pointer, length),
      address,
      unmap: () => {
        munmap(pointer, length);
      },
    };
  };
  loaded = {
    libc,
    errno: () => koffi.errno(),
    addressOf: (octets) => Number(koffi.address(octets)),
    map,
    unmap: (address, length) => {
      munmap(BigInt(address), length);
    },
  };
  return loaded;
}

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 2 ** 64; // (void *) -1, rounded as a double

export function libc(): Libc {
  return load().libc;
}

/** Why koffi or the C library cannot be loaded; undefined: they can. */
export function libcFault(): string | undefined {
  try {
    load();
    return undefined;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return `koffi cannot load the C library (${what.split('\n', 1)[0]})`;
  }
}

/** errno of the last call of this thread. */
export function errno(): number {
  return load().errno();
}

/** `ENODEV: no such device`, of the last call of this thread. */
export function failure(): string {
  const number = errno();
  const [name, text] = getSystemErrorMap().get(-number) ?? [`errno ${number}`, 'system error'];
  return `${name}: ${text}`;
}

/** Where these octets lie; valid while they are referenced (the backing store does not move). */
export function addressOf(octets: Octets): number {
  return load().addressOf(octets);
}

/** A socket's ring, shared with the kernel; undefined where the kernel refuses (see `failure`). */
export function mapShared(fd: number, length: number): MappedMemory | undefined {
  return load().map(fd, length);
}

/** Gives back a mapping of a thread that has ended; MappedMemory.unmap is for one's own. */
export function unmap(address: number, length: number): void {
  load().unmap(address, length);
}
