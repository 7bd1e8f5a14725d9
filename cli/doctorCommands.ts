import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Check, Finding, type Model, OspainError } from '../protocol/index.ts';
import { findingText, verdict } from './doctorText.ts';
import type { Context } from './taskCommands.ts';
import { fileSize, span } from './text.ts';

/** Milliseconds that the doctor's program gets, and the server; each of its parts has shorter limits of its own. */
const PATIENCE = 180_000;

/** Tells what it finds as it finds it; 1 when something does not work. */
export async function doctor(context: Context): Promise<number> {
  const { host, screen } = context;
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    screen.data({ finding });
    screen.print(findingText(finding, screen.paint, screen.columns));
  };
  const since = performance.now();
  screen.print(`OSPAiN2 ${host.version} on ${process.platform}-${process.arch}\n`);
  screen.live({ text: 'examines this machine', since, tail: '' });
  await examineMachine(context, tell);
  screen.live({ text: 'asks the server', since, tail: '' });
  await examineServer(context, tell);
  screen.live(null);
  screen.print(`\n${verdict(findings, screen.paint)}`);
  return findings.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** What needs the server's parts and no server: a program beside it. */
async function examineMachine({ host, workspace }: Context, tell: (finding: Finding) => void): Promise<void> {
  const { serverProgram, env } = host;
  const program = join(dirname(serverProgram), serverProgram.endsWith('.js') ? 'doctor.js' : 'doctor/doctorProgram.ts');
  const child = spawn(process.execPath, [program, '--workspace', workspace], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `it ended with ${code ?? signal}`));
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { finding } = JSON.parse(line) as { finding: unknown };
    tell(Finding.parse(finding));
  }
  const how = await ended;
  if (how !== '')
    tell(
      failed(
        'node',
        `the doctor's program did not come to its end: ${words.trim().split('\n').at(-1) || how}`,
        REINSTALL,
      ),
    );
}

const REINSTALL = 'Install OSPAiN2 again.';

const failed = (check: Check, found: string, advice: string): Finding => ({ check, status: 'failed', found, advice });

async function examineServer({ host, link }: Context, tell: (finding: Finding) => void): Promise<void> {
  try {
    const late = new Promise<never>((_, reject) => {
      const error = new OspainError('unavailable', 'The server did not answer.', { hint: 'End it, and try again.' });
      setTimeout(() => reject(error), PATIENCE).unref();
    });
    const { client, attached } = await Promise.race([link.open(), late]);
    const { version, pid, startedAt } = await client.request('server/status', {});
    const since = attached ? `runs since ${span(Date.now() - startedAt)}` : 'starts';
    const found = `version ${version} ${since}, process ${pid}`;
    if (version !== host.version)
      tell({
        ...{ check: 'server', status: 'warning', found: `${found}; this command is version ${host.version}` },
        advice: 'Restart it: reload the window of VS Code, or end ospain2 serve and start it again.',
      });
    else tell({ check: 'server', status: 'ok', found, advice: null });
    const { models } = await client.request('model/list', {});
    tell(defaultModel(models));
  } catch (thrown) {
    const { code, message, hint = REINSTALL } = OspainError.from(thrown);
    tell(failed('server', `${message} [${code}]`, hint));
  }
}

function defaultModel(models: readonly Model[]): Finding {
  const model = models.find(({ aliases }) => aliases.includes('default'));
  if (model === undefined)
    return failed('default', 'no model has the alias default', 'ospain2 model alias default NAME');
  const { name, version, bytes, embedded, problem } = model;
  const found = `${name} ${version}, ${fileSize(bytes)}`;
  if (problem !== null) return failed('default', `${found}: ${problem}`, `ospain2 model verify ${name}`);
  if (!embedded) return { check: 'default', status: 'ok', found, advice: null };
  const advice =
    'It only proves the installation. For real work: ospain2 model pull --help, ospain2 model adopt --help.';
  return { check: 'default', status: 'ok', found: `${found}, the embedded one`, advice };
}
