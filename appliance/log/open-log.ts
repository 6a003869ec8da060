/** The log of a running gateway, to standard error: JSON for machines, lines for people. */
import pino from 'pino';
import type { LogSettings } from '../config/settings.ts';
import { createPaint, type Paint, wantsColour } from '../report/paint.ts';
import { harmlessJson } from './json-line.ts';
import type { Log, LogFacts, LogLevel } from './log.ts';
import { textLine } from './text-line.ts';

export interface OpenLog extends Log {
  /** Also of logs that `with` made of it. */
  setLevel(level: LogLevel): void;
  /** From the next line on. */
  setFormat(format: LogSettings['format']): void;
  /** Lines that were lost because nobody read them fast enough. */
  readonly lost: number;
  /** Resolves when everything is written, or nobody reads it: before the process ends. */
  flush(): Promise<void>;
}

/** Where lines go. */
export interface LogDestination {
  write(line: string): unknown;
}

const NOWHERE: LogDestination = { write: () => undefined };

/** Characters kept for a reader who is slow: a log must never hold up who writes it. */
const MOST_PENDING = 1 << 20;

/** Milliseconds that the last lines may take. */
const PATIENCE = 2000;

/** Values under these names are never written, wherever they stand (two levels). */
const SECRETS = ['token', 'password', 'authorization', 'secret', 'cookie'];

/** `to`: a file descriptor (2: standard error), or what a test gives. */
export function openLog(settings: LogSettings, to: LogDestination | number = 2): OpenLog {
  const descriptor = typeof to === 'number' ? new Descriptor(to) : undefined;
  const destination = typeof to === 'number' ? (descriptor ?? NOWHERE) : to;
  const colours = to === 2 && wantsColour(process.stderr.isTTY === true, process.env);
  const paint = createPaint(colours);
  let { format } = settings;
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFact },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '(not written)' },
    },
    { write: (line: string) => destination.write(rendered(line, format, paint)) },
  );
  return {
    ...facade(logger, {}),
    setLevel: (level) => {
      logger.level = level;
    },
    setFormat: (next) => {
      format = next;
    },
    get lost() {
      return descriptor?.lost ?? 0;
    },
    flush: async () => descriptor?.flush(),
  };
}

/** A file descriptor to which lines go one after the other. */
class Descriptor implements LogDestination {
  lost = 0;
  /** Not synchronous: a reader that stands still must not stop the main thread, whose beat guards the wire. */
  readonly #stream;
  #idle = true;
  #onRest: () => void = () => undefined;

  constructor(fd: number) {
    this.#stream = pino.destination({ fd, sync: false, maxLength: MOST_PENDING });
    this.#stream.on('drain', () => this.#rest());
    this.#stream.on('drop', () => {
      this.lost += 1;
    });
    this.#stream.on('error', () => this.#rest()); // standard error is closed: there is nobody left to tell
  }

  write(line: string): void {
    this.#idle = false;
    this.#stream.write(line);
  }

  /** Not flushSync: it would overtake the line that is being written. */
  async flush(): Promise<void> {
    if (this.#idle) return;
    const rested = new Promise<void>((resolve) => {
      this.#onRest = resolve;
    });
    const timer = setTimeout(() => this.#onRest(), PATIENCE);
    await rested;
    clearTimeout(timer);
  }

  #rest(): void {
    this.#idle = true;
    this.#onRest();
  }
}

function rendered(line: string, format: LogSettings['format'], paint: Paint): string {
  return format === 'json' ? harmlessJson(line) : `${textLine(line, paint)}\n`;
}

/** Not pino's children: each of those has a level of its own. */
function facade(logger: pino.Logger, bound: LogFacts): Log {
  return {
    debug: (message, facts) => logger.debug({ ...bound, ...facts }, message),
    info: (message, facts) => logger.info({ ...bound, ...facts }, message),
    warn: (message, facts) => logger.warn({ ...bound, ...facts }, message),
    error: (message, facts) => logger.error({ ...bound, ...facts }, message),
    with: (facts) => facade(logger, { ...bound, ...facts }),
  };
}

/** `error: someError`: its message; where the code is at fault, its stack helps whoever mends it. */
function errorFact(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return error instanceof TypeError || error instanceof RangeError
    ? (error.stack ?? error.message)
    : error.message;
}
