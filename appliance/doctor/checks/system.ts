/** Kernel, processor, user and what this process may do. */
import { availableParallelism, endianness, release } from 'node:os';
import { Capability, capabilityName } from '../../privileges/capability.ts';
import { holds, threadCapabilities } from '../../privileges/thread-capabilities.ts';
import { type Check, type Finding, fail, ok, type Subject, warn } from '../finding.ts';
import { fileText } from '../proc.ts';

/** PACKET_IGNORE_OUTGOING came with 4.20; everything else that is used is older. */
const OLDEST_KERNEL = [4, 20] as const;

export const SYSTEM_CHECK: Check = { area: 'System', run: checkSystem };

function checkSystem(subject: Subject): Finding[] {
  const findings = [kernel(release(), process.platform), processor(process.arch), library()];
  if (process.platform === 'linux') {
    findings.push(...privileges(subject), ...cpus(subject));
  }
  return findings;
}

export function kernel(version: string, platform: string): Finding {
  if (platform !== 'linux') {
    return warn(
      `${platform}: only the tap works here, with pcap or cap`,
      'Run the gateway on Linux for rings, inline and netfilter queues.',
    );
  }
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [needMajor, needMinor] = OLDEST_KERNEL;
  if (major > needMajor || (major === needMajor && minor >= needMinor))
    return ok(`Linux ${version}`);
  return fail(
    `Linux ${version}: too old, ${needMajor}.${needMinor} is the least`,
    'Upgrade the kernel, or the distribution.',
  );
}

function processor(architecture: string): Finding {
  const fits =
    endianness() === 'LE' && ['x64', 'arm64', 'riscv64', 'loong64'].includes(architecture);
  return fits
    ? ok(`${architecture}, Node ${process.versions.node}`)
    : fail(`${architecture}: rings need a 64-bit little-endian processor`, 'Use x64 or arm64.');
}

function library(): Finding {
  const report = process.report?.getReport() as { header?: Record<string, unknown> } | undefined;
  const glibc = report?.header?.glibcVersionRuntime;
  if (process.platform !== 'linux' || typeof glibc === 'string') {
    return ok(typeof glibc === 'string' ? `C library: glibc ${glibc}` : 'C library of the system');
  }
  return fail(
    'the C library is not glibc (musl?): libc.so.6 is called',
    'Use an image with glibc, such as Debian or node:*-slim.',
  );
}

const WANTED = [
  { capability: Capability.NetRaw, purpose: 'packet sockets' },
  {
    capability: Capability.NetAdmin,
    purpose: 'promiscuous mode, netfilter queue, fail-open bridge',
  },
] as const;

function privileges(subject: Subject): Finding[] {
  const { effective } = threadCapabilities();
  const uid = process.getuid?.() ?? 0;
  const lacking = WANTED.filter(({ capability }) => !holds(effective, capability));
  const findings: Finding[] = [];
  if (lacking.length === 0) findings.push(ok('capabilities: CAP_NET_RAW and CAP_NET_ADMIN'));
  for (const { capability, purpose } of lacking) {
    findings.push(
      fail(
        `this process lacks ${capabilityName(capability)} (${purpose})`,
        'sudo sallyport doctor; for the service: AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN',
      ),
    );
  }
  if (uid !== 0) findings.push(ok(`user id ${uid}`));
  else if (subject.settings.user !== undefined) {
    findings.push(ok(`started by root, becomes ${subject.settings.user}`));
  } else {
    findings.push(
      warn(
        'runs as root and stays root',
        'useradd --system --no-create-home sallyport, then `user: sallyport` (or --user sallyport)',
      ),
    );
  }
  return findings;
}

function cpus({ settings }: Subject): Finding[] {
  const count = availableParallelism();
  const findings: Finding[] = [];
  if (settings.workers > count) {
    findings.push(
      warn(
        `${settings.workers} workers on ${count} processors: they wait for each other`,
        `workers: ${count}`,
      ),
    );
  } else
    findings.push(ok(`${count} processors for ${settings.workers} worker(s) and the main thread`));
  const governor = fileText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  if (governor === 'powersave' || governor === 'ondemand' || governor === 'conservative') {
    findings.push(
      warn(
        `processor frequency is governed by "${governor}": bursts find it slow`,
        'cpupower frequency-set -g performance',
      ),
    );
  } else if (governor !== undefined) findings.push(ok(`processor frequency: ${governor}`));
  return findings;
}
