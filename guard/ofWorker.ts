import { installGuard } from './guard.ts';

/** Of programs that only speak with who started them, over what they were started with: workers, and that of the keyring. */
export const guard = installGuard({ pipes: false, listen: false });
