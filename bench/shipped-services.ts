/** The shipped catalogue, as `sallyport replay` loads it. */
import { join } from 'node:path';
import { type CompiledServices, compileServices } from '../rules/catalogue/compiled-services.ts';
import { loadServices } from '../rules/catalogue/load-services.ts';
import { formatDiagnostic } from '../rules/source/diagnostic.ts';
import { repositoryRoot } from '../test/support/corpus.ts';

export function shippedServices(): CompiledServices {
  const { catalogue, diagnostics } = loadServices([join(repositoryRoot, 'rules', 'services')]);
  if (catalogue === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return compileServices(catalogue.entries);
}
