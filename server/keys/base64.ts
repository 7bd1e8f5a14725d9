import { z } from 'zod';

/** In the one form that bytes have: another text of the same bytes is a changed file. */
export const Base64 = z
  .string()
  .max(1_000_000)
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'is not base64');
