import type { Finding } from '../protocol/index.ts';
import type { Paint } from './paint.ts';
import { oneLine, padEnd, plain } from './text.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

/** Columns of the longest name of a check. */
const NAME = 10;

/** One finding for people: what was found, and below it what to do. */
export function findingText({ check, status, found, advice }: Finding, paint: Paint, columns: number): string {
  const mark = paint[COLOURS[status]](MARKS[status]);
  const margin = ' '.repeat(NAME + 4);
  const room = Math.max(30, Math.min(columns, 110) - margin.length);
  const what = wrapped(oneLine(found), room).join(`\n${margin}`);
  const lines = [`${mark} ${padEnd(check, NAME)}  ${status === 'ok' ? what : paint[COLOURS[status]](what)}`];
  if (advice !== null)
    lines.push(
      ...wrapped(`→ ${plain(advice)}`, room - 2).map(
        (line, index) => `${margin}${index === 0 ? '' : '  '}${paint.dim(line)}`,
      ),
    );
  return lines.join('\n');
}

/** What all findings come to. */
export function verdict(findings: readonly Finding[], paint: Paint): string {
  const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  const rest = warnings === 0 ? '' : ` ${warnings} of ${findings.length} could be better.`;
  if (failed > 0) return `${paint.red(`${failed} of ${findings.length} checks failed.`)}${rest}`;
  return `${paint.green('OSPAiN2 works here.')}${rest}`;
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
