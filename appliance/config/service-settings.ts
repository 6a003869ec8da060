/** Where the service catalogue comes from. */
export interface ServiceSettings {
  /** The services that ship with Sallyport; those of `paths` come on top. */
  readonly shipped: boolean;
  /** Files and folders of them, each a layer over those before it. */
  readonly paths: readonly string[];
}

export const DEFAULT_SERVICES: ServiceSettings = { shipped: true, paths: [] };
