import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskEvent } from '../../../protocol/index.ts';
import type { Workbench } from './workbench.ts';

/** What happened in a workspace, as a text that a person reads from top to bottom. Nothing in it depends on time. */
export interface Story {
  /** A line of its own, such as what a person does. */
  say(line: string): void;
  /** What the tasks' logs have gained since it was last told. */
  tell(...refs: string[]): void;
  /** What a person did that was refused. */
  refused(line: string, act: () => unknown): void;
  /** Every file of the workspace. */
  disk(): void;
  text(): string;
}

export function createStory(at: Workbench): Story {
  const lines: string[] = [];
  const told = new Map<string, number>();
  return {
    say: (line) => void lines.push(`> ${line}`),
    tell(...refs) {
      for (const ref of refs) {
        const { id, number } = at.queue.get(ref);
        const events = at.queue.events(id, told.get(id) ?? 0, 10_000);
        for (const event of events) lines.push(...linesOf(event).map((line) => `#${number} ${line}`));
        told.set(id, events.at(-1)?.seq ?? told.get(id) ?? 0);
      }
    },
    refused(line, act) {
      try {
        act();
        lines.push(`> ${line}`);
      } catch (thrown) {
        const { code, message } = thrown as { code?: string; message: string };
        lines.push(`> ${line}`, `  refused: ${code} ${message}`);
      }
    },
    disk() {
      lines.push('disk:');
      for (const path of filesBelow(at.root)) lines.push(...indented(path, at.read(path)));
    },
    text: () => `${lines.join('\n')}\n`,
  };
}

/** An event without what is different in every run: times, and how streamed text came in pieces. */
export function linesOf({ type, data }: TaskEvent): string[] {
  switch (type) {
    case 'text':
    case 'model':
      return [];
    case 'turn':
      return indented(
        `turn ${data.turn}${data.isSummary === true ? ', a summary' : ''}${data.stop === undefined || data.stop === 'end' ? '' : ` (${data.stop})`}`,
        data.text,
      );
    case 'told':
      return [
        `told besides: ${data.sources.map(({ name, leftOut }) => name + (leftOut ? ' (left out)' : '')).join(', ')}`,
      ];
    case 'call':
      return [`call: ${data.summary}`];
    case 'result':
      return indented(data.ok ? 'result' : 'error', data.text);
    case 'proposal':
      return [
        `proposal ${data.status}: ${data.files.map(({ path, added, removed }) => `${path} +${added} -${removed}`).join(', ')}`,
      ];
    case 'done':
      return indented('done', data.text);
    case 'failed':
      return [`failed: ${data.error.code} ${data.error.message}`];
    default:
      return [`${type} ${JSON.stringify(data)}`];
  }
}

const indented = (head: string, text: string): string[] => [
  `${head}:`,
  ...text.split('\n').map((line) => `    ${clipped(line.replace(/\r$/, '␍'))}`),
];

const clipped = (line: string): string => (line.length > 160 ? `${line.slice(0, 80)}… (${line.length})` : line);

const filesBelow = (folder: string, base = ''): string[] =>
  readdirSync(join(folder, base))
    .sort()
    .flatMap((name) => {
      const path = base === '' ? name : `${base}/${name}`;
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
    });
