/** Are packets to be had? Opens what taps and bridges open, small and on the loopback interface, and closes it. */

import { compileFilter } from '../../../src/capture/afpacket/compile-filter.ts';
import { interfaceIndex } from '../../../src/capture/afpacket/interface-facts.ts';
import {
  PacketOption,
  SOL_PACKET,
  TPACKET_V2,
  TPACKET_V3,
} from '../../../src/capture/afpacket/packet-constants.ts';
import { PacketSocket } from '../../../src/capture/afpacket/packet-socket.ts';
import { CaptureError } from '../../../src/capture/frame.ts';
import { compileByLibpcap } from '../../../src/capture/native/libpcap.ts';
import { loadOptional } from '../../../src/capture/portable/optional-package.ts';
import { type Check, type Finding, fail, missing, ok, type Subject, warn } from '../finding.ts';

const LOOPBACK = 'lo';
const ETHERNET = 1;
const SMALL = { blockOctets: 1 << 18, blocks: 4, frameOctets: 2048 } as const;

export const PACKET_SOCKET_CHECK: Check = {
  area: 'Packets',
  run: (subject) => [...rings(subject), ...libraries(subject)],
};

function rings(subject: Subject): Finding[] {
  if (process.platform !== 'linux') return [];
  const tap = probe('tap ring (AF_PACKET, TPACKET_V3)', (socket) => {
    socket.set(PacketOption.Version, TPACKET_V3);
    socket.mapRing({ ...SMALL, retireAfter: 1 });
    socket.bind();
    if (!socket.trySet(SOL_PACKET, PacketOption.IgnoreOutgoing, 1))
      return 'cannot ignore own packets';
    // Any number will do: the group ends with the socket.
    socket.joinFanout(process.pid & 0xffff, false);
    return undefined;
  });
  const inline = probe('inline ring (TPACKET_V2 with virtio header)', (socket) => {
    socket.set(PacketOption.VnetHeader, 1);
    socket.set(PacketOption.Version, TPACKET_V2);
    socket.mapRing(SMALL);
    socket.bind();
    return socket.trySet(SOL_PACKET, PacketOption.QdiscBypass, 1)
      ? undefined
      : 'sending cannot bypass the queueing discipline';
  });
  return [
    tap.why === undefined
      ? ok(`${tap.name} with fanout works`)
      : missing(subject, ['tap'], `${tap.name}: ${tap.why}`, fixOf(tap.why)),
    inline.why === undefined
      ? ok(`${inline.name} works`)
      : missing(subject, ['inline'], `${inline.name}: ${inline.why}`, fixOf(inline.why)),
  ];
}

/** `use` says what does not work, or throws CaptureError. */
function probe(name: string, use: (socket: PacketSocket) => string | undefined) {
  let socket: PacketSocket | undefined;
  try {
    socket = new PacketSocket(LOOPBACK, interfaceIndex(LOOPBACK));
    const why = use(socket);
    socket.close();
    return { name, why };
  } catch (error) {
    // What could not be opened has closed itself.
    if (!(error instanceof CaptureError)) throw error;
    return { name, why: error.message };
  }
}

function fixOf(why: string): string {
  return /EPERM|EACCES/.test(why)
    ? 'sudo sallyport doctor'
    : 'zgrep PACKET /proc/config.gz: the kernel needs CONFIG_PACKET';
}

function libraries({ settings }: Subject): Finding[] {
  const findings: Finding[] = [];
  const libpcap = compileByLibpcap('tcp', ETHERNET, 65535, undefined) !== undefined;
  const { filter, backend } = settings.capture;
  findings.push(
    libpcap
      ? ok('libpcap: capture filters can be compiled')
      : (filter === undefined ? ok : fail)(
          'libpcap is not there: capture filters need it or tcpdump',
        ),
  );
  if (filter !== undefined) findings.push(filterFinding(filter));
  for (const name of ['pcap', 'cap'] as const) {
    try {
      loadOptional(name);
      findings.push(ok(`package ${name}: the portable backend is there`));
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      findings.push(
        backend === name
          ? fail(what, `apt install libpcap-dev && npm install ${name}`)
          : ok(`package ${name} is not installed (not needed on Linux)`),
      );
    }
  }
  if (process.platform === 'linux' && (backend === 'cap' || backend === 'pcap')) {
    findings.push(
      warn(`capture backend ${backend}: many times the CPU of the ring`, 'backend: auto'),
    );
  }
  return findings;
}

function filterFinding(filter: string): Finding {
  try {
    compileFilter(filter, { linkType: ETHERNET, snapLength: 65535, interfaceName: undefined });
    return ok(`capture filter "${filter}" compiles`);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'man pcap-filter');
  }
}
