import type { Context } from './taskCommands.ts';
import { plural, table } from './text.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Packs the worker, with the Node that runs this, into an image. */
export async function buildImage({ link, screen }: Context, node = process.execPath): Promise<number> {
  const { client } = await link.open();
  const image = await client.request('image/build', { node });
  screen.data({ image });
  screen.print(`${image.tag}: ${plural(image.files, 'file')}, ${megabytes(image.bytes)}.`);
  screen.print('Workers run in it with --workers container, or with ospain2.workers.runtime in VS Code.');
  return 0;
}

export async function imageStatus({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const status = await client.request('image/status', {});
  screen.data({ images: status });
  const { engine, needs, images, containers } = status;
  const fitting = images.find(({ fits }) => fits);
  const rows = [
    ['engine', `${screen.safe(engine.name)} ${screen.safe(engine.version)} at ${screen.safe(engine.address)}`],
    ['needed', `ospain2-worker of version ${needs}`],
    ...images.map(({ tag, bytes, fits }) => [
      'image',
      `${screen.safe(tag)}, ${megabytes(bytes)}${fits ? '' : ' (of another build: not used)'}`,
    ]),
    ['containers', String(containers)],
  ];
  screen.print(table(rows).join('\n'));
  if (fitting === undefined) screen.print('There is no image that fits. Build it with: ospain2 image build');
  return 0;
}

export async function removeImages({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { removed } = await client.request('image/remove', {});
  screen.data({ removed });
  screen.print(
    removed.length === 0 ? 'There was no image of the worker.' : `Removed ${removed.map(screen.safe).join(', ')}.`,
  );
  return 0;
}
