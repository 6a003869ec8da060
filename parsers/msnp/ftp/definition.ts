/** MSNFTP in the registry: the data connections of the oldest file transfers of MSN. */
import type { ProtocolDefinition } from '../../contract.ts';
import { MsnftpParser } from './parser.ts';
import { PROBE_LIMIT, probeMsnftp } from './probe.ts';

export const MSNFTP: ProtocolDefinition = {
  name: 'msnftp',
  family: 'msnp',
  service: 'msn',
  transport: 'tcp',
  // 6891 to 6900 were offered one after the other.
  activity: 'media',
  ports: [6891, 6892, 6893, 6894, 6895, 6896, 6897, 6898, 6899, 6900],
  probeLimit: PROBE_LIMIT,
  probe: probeMsnftp,
  create: (context) => new MsnftpParser(context),
};
