/** What a configuration of the right shape says, in base units, with defaults where it is silent. */
import type { Diagnostics } from '../../rules/source/diagnostic.ts';
import type { YamlSource } from '../../rules/source/yaml-source.ts';
import { readArchive } from './archive-reader.ts';
import { BoundedValues } from './bounded-values.ts';
import type { ConfigFile } from './config-schema.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { LIMIT_BOUNDS, type LimitName } from './limit-bounds.ts';
import { readOutputs } from './outputs-reader.ts';
import { parseListen } from './quantities.ts';
import { DEFAULT_SERVICES, type ServiceSettings } from './service-settings.ts';
import type { GatewaySettings } from './settings.ts';

const MiB = 2 ** 20;
const RING = { least: MiB, most: 4 * 2 ** 30 - 1, hint: '1MiB to 4GiB' };
const HOLD_OCTETS = { least: 1500, most: MiB, hint: '1500 to 1MiB' };
const HOLD_TIME = { least: 10, most: 1000, hint: '10ms to 1s: senders wait no longer' };
const FAILURE_TIMEOUT = { least: 100, most: 10_000, hint: '100ms to 10s' };

export class ConfigReader {
  readonly #written: ConfigFile;
  readonly #source: YamlSource;
  readonly #found: Diagnostics;
  readonly #values: BoundedValues;
  readonly #resolve: (path: string) => string;

  /** `resolve`: a path of the file as one of the process. */
  constructor(
    written: ConfigFile,
    source: YamlSource,
    found: Diagnostics,
    resolve: (path: string) => string,
  ) {
    this.#written = written;
    this.#source = source;
    this.#found = found;
    this.#values = new BoundedValues(source, found);
    this.#resolve = resolve;
  }

  /** With errors in the diagnostics some settings are not those that were written. */
  read(): GatewaySettings {
    const written = this.#written;
    const preset = DEFAULT_SETTINGS;
    const { capture = {}, inline = {}, queue = {}, log = {} } = written;
    const { events } = written;
    const user = written.user ?? preset.user;
    return {
      mode: written.mode ?? preset.mode,
      interfaces: written.interfaces ?? preset.interfaces,
      capture: {
        backend: capture.backend ?? preset.capture.backend,
        filter: capture.filter,
        ringOctets:
          this.#values.octets(capture.ring, ['capture', 'ring'], RING) ?? preset.capture.ringOctets,
        snapLength: capture['snap-length'] ?? preset.capture.snapLength,
        promiscuous: capture.promiscuous ?? preset.capture.promiscuous,
        hardwareTime: capture['hardware-time'] ?? preset.capture.hardwareTime,
      },
      workers: written.workers ?? preset.workers,
      pinWorkers: written['pin-workers'] ?? preset.pinWorkers,
      policy: {
        rules: this.#rules(),
        directory: this.#path(written.directory),
        services: this.#services(),
        watch: written.watch ?? preset.policy.watch,
      },
      eventsFile: events === '-' ? events : this.#path(events),
      admin: this.#admin(),
      tap: { resetInterface: written.tap?.['reset-interface'] },
      inline: {
        onFailure: inline['on-failure'] ?? preset.inline.onFailure,
        onStop: inline['on-stop'] ?? preset.inline.onStop,
        failureTimeout:
          this.#values.milliseconds(
            inline['failure-timeout'],
            ['inline', 'failure-timeout'],
            FAILURE_TIMEOUT,
          ) ?? preset.inline.failureTimeout,
        holdTime:
          this.#values.milliseconds(inline['hold-time'], ['inline', 'hold-time'], HOLD_TIME) ??
          preset.inline.holdTime,
        holdOctets:
          this.#values.octets(inline['hold-octets'], ['inline', 'hold-octets'], HOLD_OCTETS) ??
          preset.inline.holdOctets,
      },
      queue: {
        number: queue.number ?? preset.queue.number,
        mark: queue.mark ?? preset.queue.mark,
        maxLength: queue['max-length'] ?? preset.queue.maxLength,
        onFailure: queue['on-failure'] ?? preset.queue.onFailure,
      },
      outputs: readOutputs(written.outputs, this.#values, this.#resolve),
      archive: readArchive(written.archive, this.#values, this.#resolve),
      user,
      log: {
        level: log.level ?? preset.log.level,
        format: log.format ?? preset.log.format,
      },
      limits: this.#limits(),
    };
  }

  #rules(): readonly string[] | undefined {
    const { rules } = this.#written;
    if (rules === undefined) return DEFAULT_SETTINGS.policy.rules;
    return (typeof rules === 'string' ? [rules] : rules).map(this.#resolve);
  }

  #services(): ServiceSettings {
    const { services = [], 'shipped-services': shipped } = this.#written;
    return {
      shipped: shipped ?? DEFAULT_SERVICES.shipped,
      paths: (typeof services === 'string' ? [services] : services).map(this.#resolve),
    };
  }

  #admin(): GatewaySettings['admin'] {
    const { admin } = this.#written;
    const preset = DEFAULT_SETTINGS.admin;
    if (admin === false) return { ...preset, listen: undefined };
    const listen = admin?.listen === undefined ? preset.listen : parseListen(admin.listen);
    if (listen === undefined) {
      const place = this.#source.place(['admin', 'listen']);
      const hint = 'write 127.0.0.1:9580, [::1]:9580 or 9580';
      this.#found.error(place, `'${admin?.listen}' is not an address and port`, hint);
    }
    return {
      listen,
      tokenFile: this.#path(admin?.['token-file']),
      metrics: admin?.metrics ?? preset.metrics,
    };
  }

  #limits(): Readonly<Record<string, number>> {
    const limits: Record<string, number> = {};
    for (const [name, written] of Object.entries(this.#written.limits ?? {})) {
      if (typeof written !== 'number' && typeof written !== 'string') continue;
      const { unit, least, most, powerOfTwo } = LIMIT_BOUNDS[name as LimitName];
      const shown = unit === 'octets' ? shownOctets : String;
      const bounds = { least, most, hint: `${shown(least)} to ${shown(most)}` };
      const path = ['limits', name];
      const value =
        unit === 'seconds' && typeof written === 'string'
          ? this.#values.seconds(written, path, bounds)
          : this.#values.octets(written, path, bounds);
      if (value === undefined) continue;
      if (powerOfTwo === true && 2 ** Math.round(Math.log2(value)) !== value) {
        const place = this.#source.place(path);
        this.#found.error(place, `'${name}' is not a power of two: ${written}`, '1MiB, 2MiB, …');
      }
      limits[name] = value;
    }
    return limits;
  }

  #path(written: string | undefined): string | undefined {
    return written === undefined ? undefined : this.#resolve(written);
  }
}

const UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', MiB],
  ['KiB', 1024],
] as const;

function shownOctets(octets: number): string {
  const unit = UNITS.find(([, size]) => octets % size === 0);
  return unit === undefined ? String(octets) : `${octets / unit[1]}${unit[0]}`;
}
