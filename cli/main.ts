import '../guard/ofCommandLine.ts';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Refusal } from '../guard/guard.ts';
import { guard } from '../guard/ofCommandLine.ts';
import { errorCodes, type Finding, OspainError } from '../protocol/index.ts';
import { findingText } from './doctorText.ts';
import type { Host } from './host.ts';
import { assertSupportedNode } from './node.ts';
import { createPaint } from './paint.ts';

/*
 * The command line program: dist/cli.js, or this file when it is run from its sources.
 */

async function main(): Promise<number> {
  try {
    assertSupportedNode(process.versions);
  } catch (thrown) {
    return refuse(OspainError.from(thrown), process.argv.slice(2));
  }
  // Only now: what comes with it may not even load on an older Node.
  const { run } = await import('./run.ts');
  return run(hostOf(process));
}

/** On such a Node nothing else of the program is loaded, so that it can say so; the doctor says no more there, either. */
function refuse({ code, message, hint = '' }: OspainError, args: readonly string[]): number {
  const json = args.includes('--json');
  if (args.includes('doctor')) {
    const finding: Finding = { check: 'node', status: 'failed', found: message, advice: hint };
    process.stdout.write(
      json ? `${JSON.stringify({ finding })}\n` : `${findingText(finding, createPaint(false), 100)}\n`,
    );
    return 1;
  }
  const error = { code, message, hint };
  process.stderr.write(json ? `${JSON.stringify({ error })}\n` : `error[${code}]: ${message}\nhint: ${hint}\n`);
  return errorCodes[code].exit;
}

const refused: Refusal[] = [];
guard.onRefused((refusal) => refused.push(refusal));

function hostOf({ argv, env, stdin, stdout, stderr }: NodeJS.Process): Host {
  // A link may have led here.
  const program = realpathSync(argv[1] ?? '');
  const bundled = program.endsWith('.js');
  const serverProgram = join(dirname(program), bundled ? 'server.js' : '../server/main.ts');
  return {
    args: argv.slice(2),
    cwd: process.cwd(),
    ...{ env, stdin, stdout, stderr },
    ...{ program, serverProgram },
    refused: () => refused,
    version: versionIn(join(dirname(program), '..', 'package.json')),
    async becomeServer() {
      // It begins with a guard of its own.
      guard.lift();
      await import(pathToFileURL(serverProgram).href);
    },
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      return () => process.off('SIGINT', listener);
    },
  };
}

const versionIn = (manifest: string): string =>
  String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version);

// Who reads only the first lines, such as `head`, ends the program without a word.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 74));

process.exitCode = await main();
