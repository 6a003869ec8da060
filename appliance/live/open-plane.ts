/** The plane of a mode. Each is loaded only where it is used. */
import { dropWorkerPrivileges } from './live-privileges.ts';
import type { Plane, PlaneSetup } from './plane.ts';

/** Rejects with CaptureError where it cannot be opened. */
export async function openPlane(setup: PlaneSetup): Promise<Plane> {
  const plane = await open(setup);
  dropWorkerPrivileges(setup.settings.mode);
  return plane;
}

async function open(setup: PlaneSetup): Promise<Plane> {
  const { mode } = setup.settings;
  if (mode === 'inline') return (await import('./inline-plane.ts')).openInline(setup);
  if (mode === 'nfqueue') return (await import('./queue-plane.ts')).openQueue(setup);
  return (await import('./tap-plane.ts')).openTap(setup);
}
