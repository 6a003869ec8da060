/** The service catalogue of a command line: the shipped one, files besides, or none. */
import type { Catalogue } from '../../rules/catalogue/catalogue.ts';
import { type CompiledServices, compileServices } from '../../rules/catalogue/compiled-services.ts';
import { loadServices } from '../../rules/catalogue/load-services.ts';
import type { ServiceSettings } from '../config/service-settings.ts';
import { counted } from '../report/amounts.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import { servicePaths } from './service-options.ts';
import type { Terminal } from './terminal.ts';
import { UserError } from './user-error.ts';

export interface LoadedCatalogue {
  readonly services: CompiledServices;
  readonly catalogue: Catalogue;
  readonly files: readonly string[];
}

/** Throws UserError after telling every error. */
export function loadCatalogue(settings: ServiceSettings, terminal: Terminal): LoadedCatalogue {
  const { catalogue, diagnostics, files } = loadServices(servicePaths(settings));
  const lines = diagnosticLines(diagnostics, terminal.errorPaint);
  for (const line of lines) terminal.errors.line(line);
  terminal.errors.flush();
  if (catalogue !== undefined) {
    return { services: compileServices(catalogue.entries), catalogue, files };
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  throw new UserError(`the services were not loaded: ${counted(errors, 'error')}`);
}
