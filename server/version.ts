import manifest from '../package.json' with { type: 'json' };

/** The product's version, as in the manifest. */
export const VERSION: string = manifest.version;
