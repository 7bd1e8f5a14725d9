import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inRepository } from '../../scripts/paths.ts';
import { type Block, blocksOf, inlineCodeOf, pages } from '../support/docs/blocks.ts';
import { wrongCommands } from '../support/docs/mentions.ts';
import { runBlocks } from '../support/docs/session.ts';

/*
 * Every command of README.md, CONTRIBUTING.md, SECURITY.md and docs/ is run here or, where it cannot be, read.
 *
 * - A block ```sh is run. The blocks of a page run in their order, in one bash, in a copy of media/sample, in which a server runs already. The
 *   home is a new one with ~/Downloads/coder-Q4_K_M.gguf and ~/backups/. Nothing but this machine can be reached.
 * - A line <!-- run: until interrupted --> right before the block: it runs until it has said something, and is then ended as by Ctrl+C.
 * - A line <!-- run: afresh -->: folder, home and server are new ones from here on, as for a reader who begins here.
 * - A line <!-- not run: REASON --> right before it: it is not run, for one of the reasons below.
 * - Other languages are not run: `console` for what is typed and seen elsewhere, `powershell`, `text`, `json`. A block with commands has to have one.
 * - In all blocks, and between backticks in the text, commands and options of `ospain2` must exist, and scripts of `npm run` too.
 */
const reasons: Readonly<Record<string, string>> = {
  'the repository': 'It builds or tests a clone, as this test does itself.',
  network: 'It reaches other machines, and tests reach none.',
  'another system': 'It is for Windows, macOS, or a distribution with other programs.',
  'a person': 'A person has to answer, to log in, or to choose.',
  'a container engine': 'It needs Docker or Podman; test/server/inference/runtimes and CI run the same.',
  'a fragment': 'It names things that are not there, to show how they are named.',
  'an installation': 'It changes the system it runs on: programs, services, the PATH.',
  'a long time': 'It takes minutes or hours.',
};

const scripts = (JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;
const COMMAND = /^\s*(?:\$ )?(?:ospain2|npm|npx|curl|git|docker|podman|apt|apt-get) /m;

/** The blocks that are run one after the other. */
function sessionsOf(blocks: readonly Block[]): Block[][] {
  const sessions: Block[][] = [];
  for (const block of blocks) {
    const last = sessions.at(-1);
    if (last === undefined || block.marker === 'run: afresh') sessions.push([block]);
    else last.push(block);
  }
  return sessions;
}

describe('what the documentation says', { concurrency: 2, timeout: 300_000 }, () => {
  for (const file of pages()) {
    const blocks = blocksOf(file);

    it(`${file} names commands and options that exist`, () => {
      // What is made of the program says its commands in other forms.
      if (file === 'docs/cli.md') return;
      const texts = [...blocks.map(({ line, text }) => ({ line, text })), ...inlineCodeOf(file)];
      const wrong = texts.flatMap(({ line, text }) =>
        wrongCommands(text).map((problem) => `${file}:${line} ${problem}`),
      );
      const missing = texts.flatMap(({ line, text }) =>
        [...text.matchAll(/npm run ([\w:-]+)/g)].flatMap(([all, name = '']) =>
          Object.hasOwn(scripts, name) ? [] : [`${file}:${line} ${all}: there is no such script`],
        ),
      );
      assert.deepEqual([...wrong, ...missing], []);
    });

    it(`${file} says of each block with commands whether it can be run`, () => {
      for (const { line, language, text, marker } of blocks) {
        const where = `${file}:${line}`;
        assert.ok(language !== '' || !COMMAND.test(text), `${where} has commands and no language`);
        if (language === 'bash' || language === 'shell') assert.fail(`${where} is ${language}: say sh`);
        const [, reason] = /^not run: (.*)$/.exec(marker ?? '') ?? [];
        if (reason !== undefined) assert.ok(Object.hasOwn(reasons, reason), `${where}: "${reason}" is no known reason`);
        else assert.ok([null, 'run: until interrupted', 'run: afresh'].includes(marker), `${where}: ${marker}`);
      }
    });

    const toRun = blocks.filter(({ language, marker }) => language === 'sh' && !marker?.startsWith('not run: '));
    for (const session of sessionsOf(toRun))
      it(`${file}:${session[0]?.line} and what follows works`, async () => {
        const { code, said, at } = await runBlocks(session);
        assert.equal(code, 0, `${at} failed:\n${said}`);
      });
  }
});

describe('the reading of commands', () => {
  const right = [
    'ospain2 task new --accept "Change --this to 5"   # and then',
    'ospain2 audit show|verify|export',
    'ospain2 COMMAND --help',
    'x=$(ospain2 --json status | jq .); ospain2 hub',
    'ospain2 mcp servers; see ospain2.commandReadable',
    'curl | sh && ospain2 task list --limit=5 --status done failed',
  ];
  for (const text of right) it(`finds nothing wrong with ${text}`, () => assert.deepEqual(wrongCommands(text), []));
  const wrong = [
    'ospain2 taks list',
    'ospain2 task frobnicate',
    'true; ospain2 task list --limti 5',
    'ospain2 audit show|forge',
    'ospain2 status now',
    '$(ospain2 token shwo)',
  ];
  for (const text of wrong) it(`finds what is wrong with ${text}`, () => assert.equal(wrongCommands(text).length, 1));

  it('ends where a command fails', async () => {
    const block = (line: number, text: string) => ({ file: 'x.md', line, language: 'sh', text, marker: null });
    const { code, at } = await runBlocks([
      block(1, 'ospain2 task list\n'),
      block(9, 'ospain2 task show 77\n'),
      block(20, 'true\n'),
    ]);
    assert.deepEqual([code, at], [3, 'x.md:9']);
  });
});
