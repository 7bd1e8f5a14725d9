import { z } from 'zod';

/** An image that workers in containers are made of. */
const WorkerImage = z.object({
  tag: z.string(),
  /** Of the product. */
  version: z.string(),
  bytes: z.number().int(),
  createdAt: z.number().int(),
  /** It is of this server's build. */
  fits: z.boolean(),
});

export const ImageStatus = z.object({
  /** Docker, or what speaks like it. */
  engine: z.object({ address: z.string(), name: z.string(), version: z.string() }),
  /** The version that this server needs. */
  needs: z.string(),
  images: z.array(WorkerImage),
  /** Containers of this user's servers that there are now. */
  containers: z.number().int(),
});
export type ImageStatus = z.infer<typeof ImageStatus>;

const ImageBuilt = z.object({
  tag: z.string(),
  /** In it, and bytes of these. */
  files: z.number().int(),
  bytes: z.number().int(),
});
export type ImageBuilt = z.infer<typeof ImageBuilt>;

export const imageMethods = {
  'image/status': { params: z.object({}), result: ImageStatus },
  /** Packs the worker into an image, without any registry. `node`: absolute path of the Node in it; the server's own when not given. */
  'image/build': { params: z.object({ node: z.string().optional() }), result: ImageBuilt },
  /** Removes the images of all versions. */
  'image/remove': { params: z.object({}), result: z.object({ removed: z.array(z.string()) }) },
} as const;
