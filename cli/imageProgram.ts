import type { Command } from 'commander';
import type { Action } from './action.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { buildImage, imageStatus, removeImages } from './imageCommands.ts';

/** `ospain2 image …` */
export function addImageCommands(program: Command, action: Action): void {
  const image = program
    .command('image')
    .description('the image that workers in containers are made of')
    .addHelpText('after', COMMAND_EXAMPLES['image'] ?? '');
  image
    .command('build')
    .description('pack the worker into an image, without any registry')
    .action(action((context) => buildImage(context)));
  image.command('status').description('show the container engine and the images').action(action(imageStatus));
  image.command('remove').description('remove the images of all versions').action(action(removeImages));
}
