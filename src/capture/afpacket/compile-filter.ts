/**
 * A filter expression (pcap-filter(7)) as a program for the kernel: by libpcap where it is installed, else
 * by `tcpdump -ddd`.
 */
import { spawnSync } from 'node:child_process';
import { CaptureError } from '../frame.ts';
import { compileByLibpcap } from '../native/libpcap.ts';
import { type BpfInstruction, type BpfProgram, bpfProgram } from './bpf-program.ts';

export interface FilterTarget {
  /** LINKTYPE_ value. */
  readonly linkType: number;
  /** Octets to keep of a packet that matches. */
  readonly snapLength: number;
  /**
   * Interface that the program is for: the kernel takes VLAN tags out of frames before filters see them,
   * and only for a live interface is `vlan` compiled so that it finds them.
   */
  readonly interfaceName: string | undefined;
}

const LINKTYPE_RAW = 101;
const DLT_RAW = 12; // the value of LINKTYPE_RAW on Linux (pcap/dlt.h)

/** Throws CaptureError with the compiler's own words. */
export function compileFilter(expression: string, target: FilterTarget): BpfProgram {
  const { linkType, snapLength, interfaceName } = target;
  if (expression.includes('\0')) wrong(expression, 'it contains a zero octet');
  const dlt = linkType === LINKTYPE_RAW ? DLT_RAW : linkType;
  const compiled = compileByLibpcap(expression, dlt, snapLength, interfaceName);
  if (compiled === undefined) return compileByTcpdump(expression, target);
  if ('error' in compiled) wrong(expression, compiled.error);
  return compiled;
}

export function compileByTcpdump(expression: string, target: FilterTarget): BpfProgram {
  const where =
    target.interfaceName === undefined
      ? ['-y', target.linkType === LINKTYPE_RAW ? 'RAW' : 'EN10MB']
      : ['-i', target.interfaceName];
  const result = spawnSync(
    'tcpdump',
    [...where, '-ddd', '-s', String(target.snapLength), '--', expression],
    { encoding: 'utf8' },
  );
  if (result.error !== undefined) {
    throw new CaptureError(
      'filter',
      0,
      0,
      'neither libpcap nor tcpdump is installed to compile it; install libpcap (libpcap0.8) or leave the filter out',
    );
  }
  if (result.status !== 0) {
    const words = result.stderr.split('\n').find((line) => /error|syntax|unknown/.test(line));
    wrong(expression, (words ?? result.stderr).replace(/^tcpdump: /, '').trim());
  }
  const instructions = result.stdout.trim().split('\n').slice(1).map(instruction);
  return bpfProgram(instructions);
}

/** A line of `tcpdump -ddd`: code jt jf k. */
function instruction(line: string): BpfInstruction {
  const [code = 0, jt = 0, jf = 0, k = 0] = line.split(' ').map(Number);
  return [code, jt, jf, k];
}

/** What was written is no filter. */
export class FilterError extends CaptureError {}

function wrong(expression: string, what: string): never {
  throw new FilterError(`filter "${expression}"`, 0, 0, `${what} (see pcap-filter(7))`);
}
