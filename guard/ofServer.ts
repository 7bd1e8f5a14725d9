import { installGuard } from './guard.ts';

/** Stands once this is imported, which has to be the first thing that the server program does. */
export const guard = installGuard({ pipes: true, listen: true });
