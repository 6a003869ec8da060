/** Files of XMPP over HTTP in the registry: reached only by offers. */
import type { ProtocolDefinition } from '../../contract.ts';
import { HttpUploads } from './http-uploads.ts';

export const HTTP_UPLOAD: ProtocolDefinition = {
  name: 'http-upload',
  family: 'xmpp',
  service: 'xmpp',
  transport: 'tcp',
  tunnel: true,
  activity: 'media',
  ports: [],
  probeLimit: 0,
  create: (context) => new HttpUploads(context),
};
