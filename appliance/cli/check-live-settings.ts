/** What a command line can get wrong about interfaces, told before anything is touched. */
import type { GatewaySettings } from '../config/settings.ts';
import { UserError } from './user-error.ts';

/** Throws UserError. */
export function checkLiveSettings({ mode, interfaces, tap }: GatewaySettings): void {
  const twice = interfaces.find((name, i) => interfaces.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UserError(
      `${twice}: named twice`,
      mode === 'inline'
        ? 'A bridge has two ends: name the interface of each.'
        : 'Name each interface once.',
    );
  }
  if (tap.resetInterface !== undefined && mode !== 'tap') {
    throw new UserError('--reset-interface is of a tap');
  }
}
