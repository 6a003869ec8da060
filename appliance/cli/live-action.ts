/** What a command that runs a gateway does once its settings are known. */
import type { GatewaySettings } from '../config/settings.ts';
import { runGateway } from '../live/run-gateway.ts';
import { checkLiveSettings } from './check-live-settings.ts';
import type { Terminal } from './terminal.ts';

/** Resolves with the exit code. Throws UserError. */
export function runLive(settings: GatewaySettings, terminal: Terminal): Promise<number> {
  checkLiveSettings(settings);
  terminal.out.flush();
  return runGateway(settings);
}
