import { expect, test } from 'vitest';
import { UserError } from '../cli/user-error.ts';
import { Capability } from './capability.ts';
import { requireCapabilities } from './require-capabilities.ts';

const needed = [
  { capability: Capability.NetRaw, purpose: 'open packet sockets' },
  { capability: Capability.NetAdmin, purpose: 'prepare the kernel bridge' },
];

function refusal(effective: bigint): UserError | undefined {
  try {
    requireCapabilities(needed, effective);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return undefined;
}

test('with what is needed nothing is said', () => {
  expect(refusal((1n << 12n) | (1n << 13n))).toBeUndefined();
  expect(refusal(2n ** 41n - 1n)).toBeUndefined();
});

test('what is missing is named, with its purpose and how to grant it', () => {
  expect(refusal(1n << 13n)?.message).toBe('this needs CAP_NET_ADMIN (prepare the kernel bridge)');
  const both = refusal(0n);
  expect(both?.message).toBe(
    'this needs CAP_NET_RAW (open packet sockets) and CAP_NET_ADMIN (prepare the kernel bridge)',
  );
  expect(both?.hint).toContain('AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN');
  expect(both?.hint).toContain(`setcap cap_net_raw,cap_net_admin+ep ${process.execPath}`);
});
