/** Runs `work` while this process holds `file`; waits for a living holder, takes over from a dead one. */
export declare function withLock<T>(file: string, work: () => Promise<T>): Promise<T>;
