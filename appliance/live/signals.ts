/** What a running gateway is told by signals. */

export interface SignalHandlers {
  /** SIGINT or SIGTERM, the first time. The second one ends the process at once. */
  readonly stop: (name: NodeJS.Signals) => void;
  readonly reload: () => void;
}

/** SIGHUP before there is anything to reload: heard, where it would end the process. */
export class HangUp {
  heard = false;
  readonly #hear = (): void => {
    this.heard = true;
  };

  constructor() {
    process.on('SIGHUP', this.#hear);
  }

  close(): void {
    process.off('SIGHUP', this.#hear);
  }
}

const EXIT_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Returns how to listen no more. */
export function listenForSignals({ stop, reload }: SignalHandlers): () => void {
  let stopped = false;
  const onStop = (name: NodeJS.Signals) => {
    if (stopped) process.exit(EXIT_CODES[name]);
    stopped = true;
    stop(name);
  };
  process.on('SIGINT', onStop);
  process.on('SIGTERM', onStop);
  process.on('SIGHUP', reload);
  return () => {
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
    process.off('SIGHUP', reload);
  };
}
