/** The policy of a running gateway, and where the next one comes from. */
import type { GatewaySettings } from '../config/settings.ts';
import type { PolicyOrder } from './worker-policy.ts';

export interface LivePolicy {
  readonly hash: string;
  readonly rules: number;
  /** Services that can be named. */
  readonly services: number;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
  /** What the workers are given. */
  readonly order: PolicyOrder;
}

export interface LoadedLivePolicy {
  /** Undefined when it is wrong. */
  readonly policy: LivePolicy | undefined;
  /** Each problem as one line `file:line:column: what`. */
  readonly diagnostics: readonly string[];
  /** What the gateway is to run by with it; undefined: as it does. */
  readonly settings?: GatewaySettings;
  /** Changed settings that only a restart puts into force. */
  readonly restartNeeded: readonly string[];
  /** What it was read from. */
  readonly files?: readonly string[];
}

export interface PolicySource {
  load(): Promise<LoadedLivePolicy>;
}
