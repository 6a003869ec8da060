/** Service files from disk to a checked catalogue. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type Diagnostic, Diagnostics, inOrder } from '../source/diagnostic.ts';
import { tellFault } from '../source/open-file.ts';
import { readText, topOf, yamlFiles } from '../source/read-files.ts';
import { MAX_FILE_OCTETS } from '../source/yaml-source.ts';
import type { Catalogue } from './catalogue.ts';
import { readServices, type ServiceSource } from './read-services.ts';

const MOST_FILES = 1000;

export interface LoadedServices {
  /** Absent when there is an error. */
  readonly catalogue?: Catalogue;
  /** `sha256:…` over all that was read; absent when there is an error. */
  readonly hash?: string;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

/** Files, and folders' `*.yaml` by name; each path a layer over those before it. */
export function loadServices(paths: readonly string[]): LoadedServices {
  const found = new Diagnostics();
  const sources: ServiceSource[] = [];
  for (const [layer, path] of paths.entries()) {
    for (const file of yamlFiles(path, 'service', found)) {
      if (sources.length === MOST_FILES) {
        found.error(topOf(file), 'too many service files', `at most ${MOST_FILES}`);
        break;
      }
      const opened = readText(file, MAX_FILE_OCTETS);
      if ('fault' in opened) tellFault(opened, topOf(file), 'this file', found);
      else sources.push({ ...opened, layer });
    }
  }
  return loaded(sources, found);
}

/** From text, for tests. */
export function servicesFromText(text: string, file = 'services.yaml'): LoadedServices {
  return loaded([{ file, text, layer: 0 }], new Diagnostics());
}

/** Each text a layer. */
export function servicesFromTexts(texts: readonly string[]): LoadedServices {
  const sources = texts.map((text, layer) => ({ file: `${layer}.yaml`, text, layer }));
  return loaded(sources, new Diagnostics());
}

function loaded(sources: readonly ServiceSource[], found: Diagnostics): LoadedServices {
  const catalogue = readServices(sources, found);
  const diagnostics = inOrder(found.all);
  const files = sources.map(({ file }) => file);
  if (found.failed) return { diagnostics, files };
  return { catalogue, hash: hashOf(sources), diagnostics, files };
}

/** Independent of where the files lie, dependent on all that they say. */
function hashOf(sources: readonly ServiceSource[]): string {
  const hash = createHash('sha256');
  for (const { file, text, layer } of sources) {
    hash.update(JSON.stringify([layer, basename(file), text.replaceAll('\r\n', '\n')]));
  }
  return `sha256:${hash.digest('hex')}`;
}
