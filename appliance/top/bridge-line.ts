/** What a bridge or queue did of policy, and what it holds now, in one line. */
import type { GatewayStatus } from '../live/gateway.ts';
import { counted, size } from '../report/amounts.ts';

/** Undefined for a tap, and until the workers have said. */
export function bridgeLine({ mode, workers }: GatewayStatus): string | undefined {
  if (mode === 'tap' || !workers.some(({ bridge }) => bridge !== undefined)) return undefined;
  const count = (name: string) =>
    workers.reduce((all, { bridge }) => all + (bridge?.[name] ?? 0), 0);
  const held = count('heldPackets');
  const words = [
    `${counted(count('neutralised'), 'message')} taken out`,
    `${counted(count('masked'), 'text')} masked`,
    `${counted(count('droppedByVerdict'), 'packet')} dropped by verdict`,
    `${counted(count('refusedFlows'), 'connection')} refused`,
    `holding ${size(count('heldOctets'))}`,
    ...(held > 0 ? [`${(count('holdMicroseconds') / held / 1000).toFixed(1)} ms on average`] : []),
    ...(count('releasedLate') > 0 ? [`${counted(count('releasedLate'), 'packet')} undecided`] : []),
  ];
  return words.join(', ');
}
