/**
 * Programs of the classic packet filter, as SO_ATTACH_FILTER takes them: struct sock_filter[], each
 * code(2) jt(1) jf(1) k(4) (linux/filter.h). A program returns how many octets of the packet to keep.
 */
import { addressOf } from '../native/libc.ts';

/** BPF_RET | BPF_K. */
const RETURN = 0x06;
const INSTRUCTION = 8;

/** One instruction as `tcpdump -ddd` prints it. */
export type BpfInstruction = readonly [code: number, jt: number, jf: number, k: number];

export interface BpfProgram {
  readonly instructions: Uint8Array;
}

export function bpfProgram(instructions: readonly BpfInstruction[]): BpfProgram {
  const octets = new Uint8Array(instructions.length * INSTRUCTION);
  const view = new DataView(octets.buffer);
  for (const [n, [code, jt, jf, k]] of instructions.entries()) {
    view.setUint16(n * INSTRUCTION, code, true);
    view.setUint8(n * INSTRUCTION + 2, jt);
    view.setUint8(n * INSTRUCTION + 3, jf);
    view.setUint32(n * INSTRUCTION + 4, k, true);
  }
  return { instructions: octets };
}

/** Keeps so many octets of every packet. */
export function acceptAll(octets: number): BpfProgram {
  return bpfProgram([[RETURN, 0, 0, octets]]);
}

export const REJECT_ALL: BpfProgram = bpfProgram([[RETURN, 0, 0, 0]]);

/** struct sock_fprog: length(2), padding, address(8). The program must stay referenced for the call. */
export function sockFprog(program: BpfProgram): Uint8Array {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  view.setUint16(0, program.instructions.length / INSTRUCTION, true);
  view.setBigUint64(8, BigInt(addressOf(program.instructions)), true);
  return octets;
}
