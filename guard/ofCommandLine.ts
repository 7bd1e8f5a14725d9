import { installGuard } from './guard.ts';

/** Stands once this is imported. The command line asks servers over their local sockets. */
export const guard = installGuard({ pipes: true, listen: false });
