/** Who keeps files, in the audit records that tell of them: nobody's command, but the gateway's writer. */
import { hostname } from 'node:os';

export const KEEPER = { who: 'sallyport', host: hostname() } as const;
