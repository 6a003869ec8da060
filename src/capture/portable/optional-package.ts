/** An optional dependency with native code: loaded when it is wanted, and missing where it could not be built. */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** The backend cannot work here at all; the message is half a line for the user. */
export class BackendMissing extends Error {}

/** Throws BackendMissing. */
export function loadOptional(name: 'cap' | 'pcap'): unknown {
  // These addons belong to the program's first thread; Node refuses them in others.
  if (!isMainThread) throw new BackendMissing(`the package ${name} works only in the main thread`);
  try {
    return createRequire(import.meta.url)(name);
  } catch {
    throw new BackendMissing(
      `the package ${name} is not installed; install libpcap with its headers (libpcap-dev) and run npm install ${name}`,
    );
  }
}
