import { z } from 'zod';

export const workspaceMethods = {
  /** Lines of files that contain a text, letter for letter; ignore files are honoured. As many as a model can read, and whether there are more. */
  'workspace/search': {
    params: z.object({
      text: z.string().min(1).max(1000),
      /** A file, or a folder and all below it; relative to the workspace. */
      path: z.string().min(1).max(4096).default('.'),
    }),
    result: z.object({ text: z.string() }),
  },
} as const;
