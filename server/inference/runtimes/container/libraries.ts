import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OspainError } from '../../../../protocol/index.ts';

/** A program's libraries, the loader among them: absolute paths, as the loader looks for them. */
export async function librariesOf(files: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const file of files) for (const library of parseLdd(await ldd(file), file)) found.add(library);
  return [...found].sort();
}

async function ldd(file: string): Promise<string> {
  try {
    return (await promisify(execFile)('ldd', [file])).stdout;
  } catch (cause) {
    const { stderr = '', stdout = '' } = cause as { stderr?: string; stdout?: string };
    if (/not a dynamic executable|statically linked/.test(`${stderr}${stdout}`)) return '';
    throw new OspainError(
      'image_failed',
      `The libraries of ${file} are not known: ldd, which tells them, does not run.`,
      {
        hint: 'Install ldd (Debian and Ubuntu: libc-bin, Fedora: glibc-common), or build docker/Dockerfile.',
        cause,
      },
    );
  }
}

/**
 * Reads what ldd prints. Throws `image_failed` for a library that is missing and for musl, whose loader and libc are one file
 * under a name that prebuilt programs do not know.
 */
export function parseLdd(text: string, file: string): string[] {
  if (/ld-musl-/.test(text)) {
    throw new OspainError('image_failed', `${file} is built for musl, and the worker’s binaries are for glibc.`, {
      hint: 'Build the image on a machine with glibc, or from docker/Dockerfile.',
    });
  }
  return text.split('\n').flatMap((line) => {
    const missing = /^\s*(\S+) => not found/.exec(line)?.[1];
    if (missing !== undefined)
      throw new OspainError('image_failed', `${file} needs ${missing}, which is not on this machine.`, {
        hint: 'Install the library, or build docker/Dockerfile.',
      });
    return /^\s*(?:\S+ => )?(\/\S+) \(0x/.exec(line)?.[1] ?? [];
  });
}
