/** What can be wrong with a gateway's interfaces and privileges, said before anything is touched. */
import { requireInterface } from '../../src/capture/afpacket/interface-facts.ts';
import { CaptureError } from '../../src/capture/frame.ts';
import { libcFault } from '../../src/capture/native/libc.ts';
import { Exit, UserError } from '../cli/user-error.ts';
import type { GatewayMode, GatewaySettings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { Capability } from '../privileges/capability.ts';
import { type Needed, requireCapabilities } from '../privileges/require-capabilities.ts';

const NEEDED: Readonly<Record<GatewayMode, readonly Needed[]>> = {
  tap: [{ capability: Capability.NetRaw, purpose: 'read packets' }],
  inline: [
    { capability: Capability.NetRaw, purpose: 'read and send packets' },
    { capability: Capability.NetAdmin, purpose: 'keep a kernel bridge ready' },
  ],
  nfqueue: [
    { capability: Capability.NetAdmin, purpose: 'read netfilter queues' },
    { capability: Capability.NetRaw, purpose: 'send resets' },
  ],
};

const REINSTALL = 'Run npm install where the package is: koffi is one of its dependencies.';

/** Throws UserError. Elsewhere than on Linux the capture backend says what it lacks. */
export function preflight(settings: GatewaySettings, log: Log): void {
  if (process.platform !== 'linux') return;
  const { mode, interfaces, tap, workers } = settings;
  const fault = libcFault();
  if (fault !== undefined) {
    requireCapabilities(NEEDED[mode]);
    if (mode !== 'tap')
      throw new UserError(`${mode} is not possible: ${fault}`, REINSTALL, Exit.Failed);
    log.warn('the worker keeps the rights of this process: they cannot be given up', { fault });
    return;
  }
  const named = [...interfaces, ...(tap.resetInterface === undefined ? [] : [tap.resetInterface])];
  const facts = named.map(known);
  requireCapabilities(NEEDED[mode]);
  for (const { name, up } of facts) {
    if (!up)
      log.warn(`${name} is down: nothing comes from it until it is up (ip link set ${name} up)`);
  }
  if (mode === 'inline') warnOfBridge(facts, log);
  if (workers > 1) {
    // A tap of a fast link may need them; whoever asks for them should know the price.
    log.warn(
      'with more than one worker, a connection that an offer announced may be unknown to the worker that sees it; rates and known contacts are counted by worker',
      { workers },
    );
  }
}

function known(name: string) {
  try {
    return requireInterface(name);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new UserError(error.message, undefined, Exit.Failed);
  }
}

function warnOfBridge(facts: readonly ReturnType<typeof requireInterface>[], log: Log): void {
  const [a, b] = facts;
  if (a !== undefined && b !== undefined && a.mtu !== b.mtu) {
    log.warn('the two ends have different MTUs: what is too long for one is lost', {
      [a.name]: a.mtu,
      [b.name]: b.mtu,
    });
  }
  for (const { name, offloads } of facts) {
    if (offloads.lro !== true) continue;
    log.warn(
      `${name} merges packets for good (LRO): switch it off with ethtool -K ${name} lro off`,
    );
  }
}
