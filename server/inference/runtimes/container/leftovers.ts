import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { ownerAlive } from '../../../storage/owner.ts';

/** Whose containers they are: those of one data folder of one user, and of one server of it. */
export interface Owner {
  folder: string;
  /** `<pid>:<uuid>` */
  server: string;
}

const OWNER_LABEL = 'ospain2.owner';
const SERVER_LABEL = 'ospain2.server';

/** The folder's name is nobody's business who may list containers. */
const ownerOf = (folder: string): string =>
  createHash('sha256')
    .update(`${process.getuid?.() ?? ''}:${folder}`)
    .digest('hex')
    .slice(0, 16);

export const labelsOf = ({ folder, server }: Owner): Record<string, string> => ({
  [OWNER_LABEL]: ownerOf(folder),
  [SERVER_LABEL]: server,
});

export const serverLabel = ({ server }: Owner): string => `${SERVER_LABEL}=${server}`;

/**
 * Removes our containers whose server is gone, and those of this server that it does not know: the engine was killed while
 * they were made. Those of other servers and of other users stay. Resolves with the names of what is gone.
 */
export async function sweep(docker: Docker, owner: Owner, isKnown: (name: string) => boolean): Promise<string[]> {
  const filters = { label: [`${OWNER_LABEL}=${ownerOf(owner.folder)}`] };
  const found = await docker.listContainers({ all: true, filters });
  const left = found.filter(({ Labels, Names }) => {
    const server = Labels[SERVER_LABEL] ?? '';
    return server === owner.server ? !isKnown(nameOf(Names)) : !ownerAlive(server, owner.server);
  });
  await Promise.all(
    left.map(async ({ Id }) => {
      // Another server may sweep, too, and the engine removes what ends by itself.
      await docker
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => {});
    }),
  );
  return left.map(({ Names }) => nameOf(Names));
}

const nameOf = (names: readonly string[]): string => (names[0] ?? '').replace(/^\//, '');

/** How many containers of this data folder there are, whoever's server. */
export const countContainers = async (docker: Docker, { folder }: Owner): Promise<number> =>
  (await docker.listContainers({ all: true, filters: { label: [`${OWNER_LABEL}=${ownerOf(folder)}`] } })).length;
