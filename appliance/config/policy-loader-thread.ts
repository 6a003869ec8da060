/** The program of the thread that reads policies: one for each message. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type PackageSettings, packPolicy } from './policy-package.ts';

/** Nice 5: whoever carries packets goes first. */
const LOW = 5;

if (process.platform === 'linux') {
  try {
    setPriority(0, LOW); // who 0 is this thread alone, on Linux (setpriority(2), NOTES)
  } catch {
    // Where this is forbidden it is loaded at the usual priority.
  }
}
parentPort?.on('message', (settings: PackageSettings) => {
  parentPort?.postMessage(packPolicy(settings));
});
