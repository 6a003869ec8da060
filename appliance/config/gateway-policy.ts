/**
 * Where a running gateway's policy and settings come from: the command line, or `sallyport.yaml`, which is
 * read again with each load. All or nothing: with one mistake anywhere, everything stays as it was.
 */
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { shippedPolicies } from '../cli/load-policy.ts';
import { servicePaths } from '../cli/service-options.ts';
import type { LoadedLivePolicy, PolicySource } from '../live/live-policy.ts';
import { changedSettings, settingsAtOnce } from './changed-settings.ts';
import { type LoadPolicy, loadInThread, PolicyLoader } from './policy-loader.ts';
import type { PolicyPackage } from './policy-package.ts';
import { type ReadConfig, readConfig } from './read-config.ts';
import type { GatewaySettings, PolicySettings } from './settings.ts';
import { FileWatch, type FileWatchOptions } from './watch-files.ts';

export interface GatewayPolicyParts {
  /** What the gateway was started with. */
  readonly settings: GatewaySettings;
  /** Where they are from; undefined: the command line, which does not change. */
  readonly configFile?: string | undefined;
  readonly load?: LoadPolicy;
  readonly watching?: FileWatchOptions;
}

export class GatewayPolicy implements PolicySource {
  readonly #parts: GatewayPolicyParts;
  #files: readonly string[] = [];
  #loads = 0;
  #loader: PolicyLoader | undefined;
  #watch: FileWatch | undefined;
  #changed: (() => void) | undefined;
  /** Something changed before anybody wanted to hear of it. */
  #changedEarly = false;

  constructor(parts: GatewayPolicyParts) {
    this.#parts = parts;
  }

  /** What was read at the last load, the configuration included. */
  get inputs(): readonly string[] {
    const { configFile } = this.#parts;
    return configFile === undefined ? this.#files : [...this.#files, configFile];
  }

  async load(): Promise<LoadedLivePolicy> {
    const { configFile, settings: started } = this.#parts;
    const read: ReadConfig =
      configFile === undefined ? { settings: started, diagnostics: [] } : readConfig(configFile);
    const doubts = read.diagnostics.map((diagnostic) => harmless(formatDiagnostic(diagnostic)));
    if (read.settings === undefined) return refused(doubts);
    const next = read.settings;
    this.#follow(next); // before it is read: what changes meanwhile is told
    const { policy, diagnostics, files } = await this.#load(next.policy);
    if (this.#loads++ === 0) this.#changedEarly ||= changedSettings(started, next).length > 0;
    this.#files = files;
    this.#follow(next);
    if (policy === undefined) return refused(diagnostics);
    const settings = settingsAtOnce(started, next);
    // What needs a restart is said at every load until there was one.
    const restartNeeded = changedSettings(settings, next);
    const { hash, rules, octets, services } = policy;
    const both = { octets, services: services.octets };
    const order = { hash: `${hash} ${services.hash}`, ruleset: hash, ...both };
    return {
      policy: { hash, rules, services: services.count, loadedAt: Date.now(), order },
      files,
      diagnostics: [...doubts, ...diagnostics],
      settings,
      restartNeeded,
    };
  }

  /** Tells when the configuration, rules, lists or the directory change, unless `watch: false`. */
  watch(changed: () => void): void {
    this.#changed = changed;
    if (!this.#changedEarly) return;
    this.#changedEarly = false;
    changed();
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#changed = undefined;
    this.#loader?.close();
  }

  /** The first before privileges are given up: its thread has them all, and does not stay. */
  #load(settings: PolicySettings): Promise<PolicyPackage> {
    const { load } = this.#parts;
    if (load !== undefined) return load(settings);
    if (this.#loader !== undefined) return this.#loader.load(settings);
    this.#loader = new PolicyLoader();
    return loadInThread(settings);
  }

  #follow({ policy }: GatewaySettings): void {
    const { rules = shippedPolicies(), directory, services, watch } = policy;
    const { configFile, watching } = this.#parts;
    const config = configFile === undefined ? [] : [configFile];
    const people = directory === undefined ? [] : [directory];
    this.#watch ??= new FileWatch(() => this.#tell(), watching);
    this.#watch.set(
      watch ? [...config, ...rules, ...servicePaths(services), ...people, ...this.#files] : [],
    );
  }

  #tell(): void {
    if (this.#changed === undefined) this.#changedEarly = true;
    else this.#changed();
  }
}

function refused(diagnostics: readonly string[]): LoadedLivePolicy {
  return { policy: undefined, diagnostics, restartNeeded: [] };
}
