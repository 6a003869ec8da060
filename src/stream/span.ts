/** Farther from the next octet than any sender is ahead of its receiver, octets. */
export const SPAN: number = 4 << 20;

/** Whether two sequence numbers are within SPAN of each other. */
export function areNear(a: number, b: number): boolean {
  const distance = (a - b) | 0;
  return distance <= SPAN && distance >= -SPAN;
}
