/** The services that rules can be about: those that are read, and those of the service files. */
import { loadServices } from '../../rules/catalogue/load-services.ts';
import { knownServices, type ServiceNature } from '../../rules/check/services.ts';
import type { Diagnostic } from '../../rules/source/diagnostic.ts';
import type { ServiceSettings } from '../config/service-settings.ts';
import { servicePaths } from './service-options.ts';

export interface ServicesForRules {
  /** Undefined where the service files are wrong: then no name of a service is doubted. */
  readonly services: ReadonlyMap<string, ServiceNature> | undefined;
  /** Of the service files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `settings` undefined: the services that ship. */
export function servicesForRules(settings?: ServiceSettings): ServicesForRules {
  const { catalogue, diagnostics } = loadServices(servicePaths(settings));
  return { services: catalogue && knownServices(catalogue), diagnostics };
}
