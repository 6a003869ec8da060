/** Which service files a command line or configuration means. */
import { join, relative } from 'node:path';
import { DEFAULT_SERVICES, type ServiceSettings } from '../config/service-settings.ts';
import { packageRoot } from './package-root.ts';

/** As commander hands it over. */
export interface ServiceOptions {
  /** False: --no-services. */
  readonly services?: readonly string[] | false;
  /** False: --no-shipped-services. */
  readonly shippedServices?: boolean;
}

export function serviceSettings({ services, shippedServices }: ServiceOptions): ServiceSettings {
  if (services === false) return { shipped: false, paths: [] };
  return { shipped: shippedServices ?? true, paths: services ?? [] };
}

/** In the order of their layers. */
export function servicePaths({
  shipped,
  paths,
}: ServiceSettings = DEFAULT_SERVICES): readonly string[] {
  return shipped ? [...shippedServices(), ...paths] : paths;
}

/** The folder of the services that ship with Sallyport, from the current directory. */
export function shippedServices(): readonly string[] {
  return [relative('.', join(packageRoot(), 'rules', 'services'))];
}
