/** Runs specs with mocha inside VS Code's extension host: what VS Code calls is `run()` of the bundle around this. */
import { Console } from 'node:console';
import { appendFileSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import Mocha from 'mocha';
import { tellStacksInSources } from './sourceStack.ts';

export interface Spec {
  readonly name: string;
  readonly load: () => Promise<unknown>;
}

export interface SpecRun {
  /** Takes the counts, once the run has ended. */
  readonly resultFile: string;
  /** Takes what the extension host prints: VS Code's own log mixes it with much else. */
  readonly outputFile: string;
  readonly testTimeoutMs: number;
  readonly grep?: string;
}

export interface SpecCounts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/** Rejects when a test failed, as VS Code's contract asks. */
export async function runSpecs(specs: readonly Spec[], options: SpecRun): Promise<void> {
  tellStacksInSources();
  printInto(options.outputFile);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: options.testTimeoutMs,
    forbidOnly: Boolean(process.env.CI),
    ...(options.grep ? { grep: options.grep } : {}),
  });
  for (const spec of specs) await load(spec, mocha);
  const counts = await new Promise<SpecCounts>((resolve) => {
    const runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passes, failures, pending });
    });
  });
  writeFileSync(options.resultFile, JSON.stringify(counts));
  if (counts.failures > 0) throw new Error(`${counts.failures} failed`);
}

async function load({ name, load }: Spec, mocha: Mocha): Promise<void> {
  const { EVENT_FILE_PRE_REQUIRE, EVENT_FILE_REQUIRE, EVENT_FILE_POST_REQUIRE } = Mocha.Suite.constants;
  mocha.suite.emit(EVENT_FILE_PRE_REQUIRE, globalThis, name, mocha);
  try {
    mocha.suite.emit(EVENT_FILE_REQUIRE, await load(), name, mocha);
  } catch (error) {
    console.error(`${name} could not be loaded; VS Code tells why`);
    throw error;
  }
  mocha.suite.emit(EVENT_FILE_POST_REQUIRE, globalThis, name, mocha);
}

/** VS Code guards the methods of its console, so the console itself is replaced. */
function printInto(file: string): void {
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      appendFileSync(file, chunk);
      done();
    },
  });
  globalThis.console = new Console({ stdout, colorMode: false });
  Object.assign(Mocha.reporters.Base, { consoleLog: console.log });
}
