/** When a delayed message was first sent: XEP-0203 and, before it, XEP-0091. */
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const LEGACY = /^(\d{4})(\d\d)(\d\d)T(\d\d:\d\d:\d\d)$/;

/** RFC 3339, or undefined when the element carries no readable delay. */
export function sentAt(element: XmlElement): string | undefined {
  const stamp = element.child('delay', Ns.Delay)?.attribute('stamp');
  if (stamp !== undefined && STAMP.test(stamp)) return stamp;
  const old = LEGACY.exec(element.child('x', Ns.LegacyDelay)?.attribute('stamp') ?? '');
  return old === null ? undefined : `${old[1]}-${old[2]}-${old[3]}T${old[4]}Z`;
}
