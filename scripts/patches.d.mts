/** Changes whenever a patch does. */
export declare function patchesStamp(repository: string): string;

/** Applies all patches to `node_modules`; one that was applied already stays. Throws when one does not fit. */
export declare function applyPatches(repository: string): void;
