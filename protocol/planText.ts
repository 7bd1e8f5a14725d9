import { OspainError } from './errors.ts';
import type { PlanPart } from './plans.ts';

/**
 * A plan as text that a person edits: a numbered line a part, further lines of it indented, and `(after 1, 2)` at its end
 * for what has to be done before. Lines that begin with `#` are remarks.
 */
export function planText(parts: readonly PlanPart[]): string {
  return parts.map((part, index) => partText(part, index + 1)).join('');
}

function partText({ instruction, after }: PlanPart, number: number): string {
  const lines = instruction.split('\n');
  const head = `${number}. `;
  const behind = after.length === 0 ? '' : ` (after ${after.join(', ')})`;
  return `${lines.map((line, at) => (at === 0 ? head : ' '.repeat(head.length)) + line).join('\n')}${behind}\n`;
}

const HEAD = /^(\d+)[.)]\s+(\S.*)$/;
const AFTER = /\s*\(after\s+(\d+(?:\s*,\s*\d+)*)\s*\)$/i;

/** The other way round. Parts may be numbered anyhow: their order counts. Throws `invalid_params` with the line. */
export function parsePlan(text: string): PlanPart[] {
  const found: Array<{ number: number; line: number; lines: string[] }> = [];
  for (const [index, raw] of text.replaceAll('\r\n', '\n').split('\n').entries()) {
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const head = HEAD.exec(line);
    const last = found.at(-1);
    if (head) found.push({ number: Number(head[1]), line: index + 1, lines: [head[2] ?? ''] });
    else if (last && /^\s/.test(raw)) last.lines.push(line.trimStart());
    else
      throw wrong(index + 1, 'it is neither a part, such as “1. Add a test”, nor the rest of one, which is indented');
  }
  const order = new Map(found.map(({ number }, index) => [number, index + 1]));
  if (order.size < found.length) throw wrong(1, 'two parts have the same number');
  return found.map(({ line, lines }, index) => {
    const whole = lines.join('\n');
    const after = (AFTER.exec(whole)?.[1]?.split(',') ?? []).map((named) => {
      const part = order.get(Number(named));
      if (part !== undefined && part <= index) return part;
      throw wrong(line, `it comes after ${named.trim()}, which is no part above it`);
    });
    const instruction = whole.replace(AFTER, '');
    if (instruction.trim() === '') throw wrong(line, 'it says nothing');
    return { instruction, after: [...new Set(after)].sort((one, other) => one - other) };
  });
}

const wrong = (line: number, why: string): OspainError =>
  new OspainError('invalid_params', `Line ${line} of the plan cannot be read: ${why}.`);
