/** Memory for rings, descriptors, receive buffers, disk for events. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { size } from '../../report/amounts.ts';
import { type Check, type Finding, fail, ok, type Subject, warn } from '../finding.ts';
import { availableMemory, fileNumber, softLimit } from '../proc.ts';
import { shellWord } from '../shell-word.ts';

/** Node, its heap and the code of a worker (docs/limits.md). */
const WORKER_BASE = 60 << 20;
const LEAST_DESCRIPTORS = 1024;
/** Octets; what a netfilter queue of 4096 packets can hold. */
const QUEUE_BUFFER = 8 << 20;
const LEAST_DISK = 1e9;

export const RESOURCE_CHECK: Check = {
  area: 'Resources',
  run: (subject) => [
    ...memory(subject),
    ...descriptors(),
    ...buffers(subject),
    ...disk(subject.settings.eventsFile),
  ],
};

function memory({ settings, mode }: Subject): Finding[] {
  const free = availableMemory();
  if (free === undefined) return [];
  const rings = mode === 'nfqueue' ? 0 : Math.max(1, settings.interfaces.length);
  const ringMemory = settings.workers * rings * settings.capture.ringOctets;
  const needed = ringMemory + settings.workers * WORKER_BASE;
  const what = `rings and workers take ${size(needed)} (${settings.workers} × ${rings} × ${size(settings.capture.ringOctets)} of ring), ${size(free)} are free`;
  if (needed > free) return [fail(what, 'A smaller capture ring, fewer workers, or more memory.')];
  // The engine's own tables come on top: docs/limits.md.
  return [needed > free / 2 ? warn(what, 'A smaller capture ring, or fewer workers.') : ok(what)];
}

function descriptors(): Finding[] {
  const most = softLimit('Max open files');
  if (most === undefined) return [];
  if (most >= LEAST_DESCRIPTORS) return [ok(`file descriptors: ${most}`)];
  return [warn(`only ${most} file descriptors`, 'ulimit -n 4096, or LimitNOFILE=4096 in the unit')];
}

function buffers({ mode, settings }: Subject): Finding[] {
  const findings: Finding[] = [];
  const most = fileNumber('/proc/sys/net/core/rmem_max');
  const usesBuffer = mode === 'nfqueue' || ['cap', 'pcap'].includes(settings.capture.backend);
  if (most !== undefined && usesBuffer) {
    findings.push(
      most >= QUEUE_BUFFER
        ? ok(`net.core.rmem_max is ${size(most)}`)
        : warn(
            `net.core.rmem_max is ${size(most)}: without CAP_NET_ADMIN bursts overrun the receive buffer`,
            `sysctl -w net.core.rmem_max=${QUEUE_BUFFER}`,
          ),
    );
  }
  const backlog = fileNumber('/proc/sys/net/core/netdev_max_backlog');
  if (backlog !== undefined && backlog < 1000) {
    findings.push(
      warn(
        `net.core.netdev_max_backlog is ${backlog}: bursts are lost before the ring`,
        'sysctl -w net.core.netdev_max_backlog=10000',
      ),
    );
  }
  return findings;
}

function disk(events: string | undefined): Finding[] {
  if (events === undefined || events === '-') return [];
  const folder = dirname(resolve(events));
  if (!existsSync(folder)) {
    return [
      fail(`${folder}: there is no such folder for the events`, `mkdir -p ${shellWord(folder)}`),
    ];
  }
  const target = existsSync(events) ? events : folder;
  try {
    accessSync(target, constants.W_OK);
  } catch {
    return [fail(`${target}: cannot be written to`, `ls -ld ${shellWord(target)}`)];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const what = `${folder}: ${size(free)} free for events`;
  if (free >= LEAST_DISK) return [ok(what)];
  return [warn(what, 'Rotate the events file (logrotate), or put it on another disk.')];
}
