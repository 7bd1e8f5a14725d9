import type Docker from 'dockerode';
import { OspainError } from '../../../../protocol/index.ts';

export const IMAGE_NAME = 'ospain2-worker';

/** What says of an image that it holds our worker, of which version, and the SHA-256 of the worker program in it. */
export const IMAGE_LABEL = 'ospain2.image';
export const VERSION_LABEL = 'ospain2.version';
export const PROGRAM_LABEL = 'ospain2.program';

/** The worker that a server needs. */
export interface WantedImage {
  version: string;
  /** SHA-256 of the worker program; null when nobody can tell. */
  program: string | null;
}

export interface WorkerImage {
  id: string;
  tags: readonly string[];
  version: string;
  program: string | null;
  /** Bytes. */
  size: number;
  /** Unix milliseconds. */
  createdAt: number;
}

/** All images of our worker, of any version, newest first. */
export async function listWorkerImages(docker: Docker): Promise<WorkerImage[]> {
  const found = await docker.listImages({ filters: { label: [`${IMAGE_LABEL}=worker`] } });
  return found
    .map(({ Id, RepoTags, Labels, Size, Created }) => ({
      id: Id,
      tags: (RepoTags ?? []).filter((tag) => !tag.includes('<none>')),
      version: Labels?.[VERSION_LABEL] ?? 'unknown',
      program: Labels?.[PROGRAM_LABEL] ?? null,
      size: Size,
      createdAt: Created * 1000,
    }))
    .sort((one, other) => other.createdAt - one.createdAt);
}

/** Server and worker are of one build. An image that was built elsewhere says its version alone. */
export const fits = (image: WorkerImage, wanted: WantedImage): boolean =>
  image.version === wanted.version &&
  (image.program === null || wanted.program === null || image.program === wanted.program);

const BUILD = 'Build it with: ospain2 image build';

/** The newest image that fits. Throws `image_missing` or `image_differs`. */
export function chooseImage(images: readonly WorkerImage[], wanted: WantedImage): WorkerImage {
  const found = images.find((image) => fits(image, wanted));
  if (found !== undefined) return found;
  const [other] = images;
  if (other === undefined) throw imageMissing();
  const what =
    other.version === wanted.version
      ? `is another build of ${wanted.version}`
      : `is of version ${other.version}, and ${wanted.version} is needed`;
  throw new OspainError('image_differs', `The image of the worker ${what}.`, { hint: `${BUILD}.` });
}

export const imageMissing = (cause?: unknown): OspainError =>
  new OspainError('image_missing', 'The container engine has no image of the worker.', {
    hint: `${BUILD}, or set ospain2.workers.runtime to process.`,
    cause,
  });
