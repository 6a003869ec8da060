/** libpcap's compiler of filter expressions (pcap_compile(3)), through koffi, where the library is installed. */
import { createRequire } from 'node:module';

/** struct bpf_program and struct bpf_insn are the kernel's; octets of instructions, or what libpcap says is wrong. */
export type Compiled = { readonly instructions: Uint8Array } | { readonly error: string };

type Pointer = bigint | null;

interface Libpcap {
  openDead(linkType: number, snapLength: number): Pointer;
  openLive(
    device: string,
    snapLength: number,
    promiscuous: number,
    ms: number,
    error: Uint8Array,
  ): Pointer;
  compile(
    handle: Pointer,
    program: Uint8Array,
    text: string,
    optimise: number,
    mask: number,
  ): number;
  errorOf(handle: Pointer): string;
  free(program: Uint8Array): void;
  close(handle: Pointer): void;
  octets(address: bigint, length: number): ArrayBuffer;
}

const NAMES = ['libpcap.so.1', 'libpcap.so.0.8'];
const ERROR_OCTETS = 256; // PCAP_ERRBUF_SIZE
const INSTRUCTION = 8;
const NETMASK_UNKNOWN = 0xffffffff; // PCAP_NETMASK_UNKNOWN

let loaded: Libpcap | undefined | null = null;

/** undefined where libpcap is not installed. */
function load(): Libpcap | undefined {
  if (loaded !== null) return loaded;
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  loaded = undefined;
  for (const name of NAMES) {
    try {
      const library = koffi.load(name);
      loaded = {
        openDead: library.func('void *pcap_open_dead(int, int)'),
        openLive: library.func('void *pcap_open_live(const char *, int, int, int, void *)'),
        compile: library.func('int pcap_compile(void *, void *, const char *, int, uint32_t)'),
        errorOf: library.func('const char *pcap_geterr(void *)'),
        free: library.func('void pcap_freecode(void *)'),
        close: library.func('void pcap_close(void *)'),
        octets: (address, length) => koffi.view(address, length),
      };
      break;
    } catch {
      // Under this name it is not there.
    }
  }
  return loaded;
}

/**
 * @param linkType DLT_ value
 * @param device live interface whose handling of VLAN tags the program shall follow, or undefined
 * @returns undefined where libpcap is not installed
 */
export function compileByLibpcap(
  expression: string,
  linkType: number,
  snapLength: number,
  device: string | undefined,
): Compiled | undefined {
  const libpcap = load();
  if (libpcap === undefined) return undefined;
  const live =
    device === undefined
      ? null
      : libpcap.openLive(device, snapLength, 0, 0, new Uint8Array(ERROR_OCTETS));
  const handle = live ?? libpcap.openDead(linkType, snapLength);
  if (handle === null) return undefined;
  try {
    const program = new Uint8Array(16); // bf_len(4), padding, bf_insns(8)
    if (libpcap.compile(handle, program, expression, 1, NETMASK_UNKNOWN) !== 0) {
      return { error: libpcap.errorOf(handle) };
    }
    const view = new DataView(program.buffer);
    const length = view.getUint32(0, true) * INSTRUCTION;
    const octets = libpcap.octets(view.getBigUint64(8, true), length);
    const instructions = Uint8Array.from(new Uint8Array(octets));
    libpcap.free(program);
    return { instructions };
  } finally {
    libpcap.close(handle);
  }
}
