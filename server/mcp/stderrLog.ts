import type { Readable } from 'node:stream';

/** The last lines that a server wrote beside the protocol. */
export interface StderrLog {
  follow(stream: Readable): void;
  lines(): string[];
}

const MAX_LINES = 200;
const MAX_LINE = 500;

export function createStderrLog(): StderrLog {
  const kept: string[] = [];
  const keep = (line: string) => {
    // A terminal must not be told anything by it.
    kept.push(line.slice(0, MAX_LINE).replace(/[^\t\P{Cc}]/gu, ''));
    if (kept.length > MAX_LINES) kept.shift();
  };
  return {
    follow(stream) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        // A line without an end is cut where it gets too long.
        rest = (lines.pop() ?? '').slice(0, MAX_LINE);
        for (const line of lines.slice(-MAX_LINES)) keep(line);
      });
      stream.on('error', () => {});
      stream.once('close', () => rest !== '' && keep(rest));
    },
    lines: () => [...kept],
  };
}
