/** The catalogue that ships with the product, as the engine asks it. */
import type { Catalogue } from '../../rules/catalogue/catalogue.ts';
import { type CompiledServices, compileServices } from '../../rules/catalogue/compiled-services.ts';
import { loadServices } from '../../rules/catalogue/load-services.ts';
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { repositoryRoot } from './corpus.ts';

export interface ShippedServices {
  readonly catalogue: Catalogue;
  readonly compiled: CompiledServices;
}

export function shippedServices(): ShippedServices {
  const { catalogue, diagnostics } = loadServices([`${repositoryRoot}/rules/services`]);
  if (catalogue === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return { catalogue, compiled: compileServices(catalogue.entries) };
}
