/** The wire: what came in, what went out, what the kernel could not hand over. */
import type { GatewayStatus, InterfaceStatus, PortStatus } from '../../live/gateway.ts';
import type { Metric, Sample } from '../metric.ts';
import { dashed, one } from '../sums.ts';

function each(of: (one: InterfaceStatus) => number) {
  return (status: GatewayStatus): Sample[] =>
    status.interfaces.map((row) => [{ interface: row.name }, of(row)]);
}

function eachEnd(of: (port: PortStatus) => number) {
  return ({ interfaces }: GatewayStatus): Sample[] =>
    interfaces.flatMap(({ name, port }) =>
      port === undefined ? [] : [[{ interface: name }, of(port)]],
    );
}

/** By cause where that is known: at the ends of a bridge. */
function sendErrors({ interfaces }: GatewayStatus): Sample[] {
  return interfaces.flatMap(({ name, port, sendErrors: all }) =>
    Object.entries(port?.sendFailures ?? { refused: all }).map(
      ([cause, count]): Sample => [{ interface: name, cause: dashed(cause) }, count],
    ),
  );
}

const CARRIERS = ['engine', 'kernel', 'nobody'] as const;

export const INTERFACE_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_interface_info',
    type: 'gauge',
    help: 'Always 1: the capture backend of an interface.',
    labels: ['interface', 'backend'],
    advice:
      '`cap` costs some 6 times the CPU of a ring, `pcap` twice (docs/benchmarks.md): see `sallyport doctor`.',
    samples: (status) =>
      status.interfaces.map((row) => [{ interface: row.name, backend: row.backend }, 1]),
  },
  {
    name: 'sallyport_interface_up',
    type: 'gauge',
    help: '1 while the interface is up.',
    labels: ['interface'],
    advice: '0: cable, switch port or `ip link set IFACE up`.',
    samples: each((row) => (row.up ? 1 : 0)),
  },
  {
    name: 'sallyport_interface_downs_total',
    type: 'counter',
    help: 'Times the interface went down.',
    labels: ['interface'],
    advice: 'Rising: a flapping link.',
    samples: each((row) => row.downs),
  },
  {
    name: 'sallyport_interface_received_packets_total',
    type: 'counter',
    help: 'Packets that the kernel saw for the gateway, those it dropped included.',
    labels: ['interface'],
    advice: 'At rest on a busy link: a mirror port or a filter that is wrong.',
    samples: each((row) => row.received),
  },
  {
    name: 'sallyport_interface_dropped_packets_total',
    type: 'counter',
    help: 'Packets that the kernel dropped because the ring was full.',
    labels: ['interface'],
    advice: 'A larger `capture.ring`, more `workers`, or a `capture.filter`.',
    samples: each((row) => row.dropped),
  },
  {
    name: 'sallyport_interface_ring_freezes_total',
    type: 'counter',
    help: 'Times the ring was full (TPACKET_V3).',
    labels: ['interface'],
    advice: 'As for dropped packets: each freeze is a burst longer than the ring.',
    samples: each((row) => row.frozen),
  },
  {
    name: 'sallyport_interface_ring_fill_ratio',
    type: 'gauge',
    help: 'How full the ring is now, 0 to 1; the fullest of the workers.',
    labels: ['interface'],
    advice: 'Above 0.5 for long: packets are about to be dropped.',
    samples: each((row) => row.ringFill),
  },
  {
    name: 'sallyport_interface_sent_packets_total',
    type: 'counter',
    help: 'Packets sent out of the interface: forwarded, changed or made by the gateway.',
    labels: ['interface'],
    advice: 'Inline, it follows what the other interface received, less the drops by verdict.',
    samples: each((row) => row.sent),
  },
  {
    name: 'sallyport_interface_send_errors_total',
    type: 'counter',
    help: 'Packets that did not go out, by cause: no-room (the device stayed full), too-long (for the MTU), down, refused (anything else).',
    labels: ['interface', 'cause'],
    advice:
      '`too-long`: MTU of both sides equal? `no-room`: the link out is slower than the one in. `down`: is the interface up? `refused`: see the log.',
    samples: sendErrors,
  },
  {
    name: 'sallyport_interface_send_waits_total',
    type: 'counter',
    help: 'Times the device at an end of the bridge was full and was waited for; nothing is lost by it.',
    labels: ['interface'],
    advice:
      'Rising: the link out is busy, or slower than the one in; packets wait a little longer.',
    samples: eachEnd(({ sendWaits }) => sendWaits),
  },
  {
    name: 'sallyport_interface_cut_packets_total',
    type: 'counter',
    help: 'Merged packets (GRO, LRO) that came to an end of the bridge and were lost for want of room besides the ring.',
    labels: ['interface'],
    advice: 'More than 0: a larger `capture.ring`, or `ethtool -K IFACE gro off lro off`.',
    samples: eachEnd(({ cut }) => cut),
  },
  {
    name: 'sallyport_interface_bypass',
    type: 'gauge',
    help: '1 while packets leave an end of the bridge past the traffic control (tc) of this machine.',
    labels: ['interface'],
    advice:
      '0: a device that cannot cut merged packets itself; they go through traffic control, which costs some CPU.',
    samples: eachEnd(({ bypass }) => (bypass ? 1 : 0)),
  },
  {
    name: 'sallyport_wire_carried',
    type: 'gauge',
    help: '1 for who carries the wire now: the engine, the kernel bridge (failed open), or nobody; none for a tap.',
    labels: ['carrier'],
    advice: 'Not `engine`: policy is not applied. See the log for why, and that it comes back.',
    samples: ({ wire, mode }) =>
      mode === 'tap'
        ? []
        : CARRIERS.map((carrier) => [{ carrier }, wire.carriedBy === carrier ? 1 : 0]),
  },
  {
    name: 'sallyport_wire_failovers_total',
    type: 'counter',
    help: 'Times the watchdog took the wire from the engine.',
    labels: [],
    advice: 'Every one is a fault worth a report: the log around it says what stood still.',
    samples: ({ wire }) => one(wire.failovers),
  },
];
