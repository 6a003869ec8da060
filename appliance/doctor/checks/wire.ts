/** What a failing-open wire and a netfilter queue need of the kernel: made, looked at, and removed again. */
import { CaptureError } from '../../../src/capture/frame.ts';
import { QueueSocket } from '../../../src/capture/nfqueue/queue-socket.ts';
import { deleteLink, findLink, newBridge } from '../../failsafe/links.ts';
import { RouteError, RouteSocket } from '../../failsafe/route-socket.ts';
import { type Check, type Finding, missing, ok, type Subject, warn } from '../finding.ts';
import { fileNumber, program } from '../proc.ts';

/** A queue that nobody uses: the largest number there is. */
const PROBE_QUEUE = 65535;

export const WIRE_CHECK: Check = {
  area: 'Wire',
  run: (subject) => (process.platform === 'linux' ? [bridge(subject), ...queue(subject)] : []),
};

function bridge(subject: Subject): Finding {
  const name = `sp-doc${process.pid}`.slice(0, 15);
  let socket: RouteSocket | undefined;
  try {
    socket = new RouteSocket();
    socket.request(newBridge(name));
    const made = findLink(socket, name);
    if (made !== undefined) socket.request(deleteLink(made.index));
    return ok('kernel bridge: the wire can fail open');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const permitted = !(error instanceof RouteError && error.number === 1);
    const fix = permitted ? 'modprobe bridge' : 'sudo sallyport doctor';
    return missing(subject, ['inline'], `no kernel bridge can be made: ${what}`, fix);
  } finally {
    socket?.close();
  }
}

function queue(subject: Subject): Finding[] {
  const findings: Finding[] = [];
  try {
    QueueSocket.open({
      queue: PROBE_QUEUE,
      maxLength: 16,
      failOpen: true,
      receiveOctets: 1 << 16,
    }).close();
    findings.push(ok('netfilter queue: can be opened'));
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    findings.push(
      missing(
        subject,
        ['nfqueue'],
        `netfilter queue: ${error.message}`,
        /EPERM|root|CAP_/.test(error.message)
          ? 'sudo sallyport doctor'
          : 'modprobe nfnetlink_queue',
      ),
    );
  }
  const tools = ['nft', 'iptables'].filter((name) => program(name) !== undefined);
  findings.push(
    tools.length > 0
      ? ok(`${tools.join(' and ')}: can send packets to the queue`)
      : missing(
          subject,
          ['nfqueue'],
          'neither nft nor iptables is installed',
          'apt install nftables',
        ),
  );
  findings.push(...conntrack(subject));
  return findings;
}

function conntrack(subject: Subject): Finding[] {
  const most = fileNumber('/proc/sys/net/netfilter/nf_conntrack_max');
  const used = fileNumber('/proc/sys/net/netfilter/nf_conntrack_count');
  if (most === undefined || used === undefined) {
    return [
      missing(
        subject,
        ['nfqueue'],
        'connection tracking is not loaded: every packet of every flow comes to the queue',
        'modprobe nf_conntrack',
      ),
    ];
  }
  if (subject.mode === 'nfqueue' && used > most * 0.8) {
    return [
      warn(
        `connection tracking: ${used} of ${most} entries are in use`,
        `sysctl -w net.netfilter.nf_conntrack_max=${most * 2}`,
      ),
    ];
  }
  return [ok(`connection tracking: ${used} of ${most} entries in use`)];
}
