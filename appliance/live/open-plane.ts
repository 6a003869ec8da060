/** The plane of a mode. Each is loaded only where it is used. */
import type { Plane, PlaneSetup } from './plane.ts';

export async function openPlane(setup: PlaneSetup): Promise<Plane> {
  const { openTap } = await import('./tap-plane.ts');
  return openTap(setup);
}
