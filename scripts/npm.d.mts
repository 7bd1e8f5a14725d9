/** The environment without what an outer `npm run` left in it. */
export declare function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;

/** Runs npm in a folder and shows what it prints; throws unless it ends with exit code 0. */
export declare function npm(args: readonly string[], cwd: string): void;
