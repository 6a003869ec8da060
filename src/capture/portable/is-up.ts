/** Whether an interface is up; yes where this system does not say (only Linux is asked, by koffi). */
import { interfaceFacts } from '../afpacket/interface-facts.ts';

export function isUp(interfaceName: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return interfaceFacts(interfaceName)?.up !== false;
  } catch {
    return true; // no koffi: that may be why this backend was taken
  }
}
