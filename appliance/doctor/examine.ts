/** Runs every check; one that cannot be made says so, and the others go on. */
import { checkArchive } from './checks/archive.ts';
import { CLOCK_CHECK } from './checks/clock.ts';
import { FILE_CHECK } from './checks/files.ts';
import { INTERFACE_CHECK } from './checks/interfaces.ts';
import { PACKET_SOCKET_CHECK } from './checks/packet-sockets.ts';
import { RESOURCE_CHECK } from './checks/resources.ts';
import { SYSTEM_CHECK } from './checks/system.ts';
import { WIRE_CHECK } from './checks/wire.ts';
import { type Check, type Finding, fail, type Subject } from './finding.ts';

export const CHECKS: readonly Check[] = [
  SYSTEM_CHECK,
  PACKET_SOCKET_CHECK,
  WIRE_CHECK,
  INTERFACE_CHECK,
  FILE_CHECK,
  RESOURCE_CHECK,
  CLOCK_CHECK,
];

export interface Examined {
  readonly area: string;
  readonly findings: readonly Finding[];
}

export function examine(subject: Subject, checks: readonly Check[] = CHECKS): Examined[] {
  return checks.map(({ area, run }) => ({ area, findings: guarded(run, subject) }));
}

/** And the archive, which is asked. */
export async function examineAll(subject: Subject): Promise<Examined[]> {
  const findings = await checkArchive(subject).catch((error: unknown) => [unseen(error)]);
  return [...examine(subject), { area: 'Archive', findings }];
}

function guarded(run: Check['run'], subject: Subject): readonly Finding[] {
  try {
    return run(subject);
  } catch (error) {
    return [unseen(error)];
  }
}

function unseen(error: unknown): Finding {
  const what = error instanceof Error ? error.message : String(error);
  return fail(`could not be looked at: ${what}`);
}
