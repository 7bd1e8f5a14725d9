import type { WriteStream } from 'node:tty';
import { createPaint, type Paint } from './paint.ts';
import { clip, clipStart, oneLine, plain, seconds, width } from './text.ts';

/** A stream that may be a terminal. */
export type OutStream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

/** What the live line says: what is done, since when (`performance.now()`), and the end of what is written just now. */
export interface Live {
  text: string;
  since: number;
  tail: string;
  /** How much of the work is done, from 0 to 1, where that is known. */
  part?: number;
}

/** Where a command writes: results to standard output; progress and errors to standard error. */
export interface Screen {
  readonly json: boolean;
  /** Colours of standard output and of standard error. */
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** Columns of standard output; infinite where it is no terminal. */
  readonly columns: number;
  /** A result for people; nothing with `--json`. Text of a model or a file is made harmless where it meets a terminal. */
  print(text: string): void;
  /** The same text for a terminal and for a program, but for what could harm a terminal. */
  safe(text: string): string;
  /** A result for programs, as one line of JSON; nothing without `--json`. */
  data(value: unknown): void;
  /** A line about progress: only on a terminal. */
  note(text: string): void;
  /** A line on standard error that is always there. */
  warn(text: string): void;
  /** The line that changes in place: only on a terminal. Null takes it away. */
  live(state: Live | null): void;
}

export interface ScreenOptions {
  stdout: OutStream;
  stderr: OutStream;
  env: NodeJS.ProcessEnv;
  json: boolean;
  colours: boolean;
}

const FRAMES = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const FRAME_MS = 100;
/** Back to the first column, and clear the line. */
const CLEAR = '\r\u001b[K';

/** Columns of a bar that shows how much is done. */
const BAR = 20;

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} `;
}

/** Whether a stream shows colours: a terminal that can, unless NO_COLOR is set; with FORCE_COLOR also a pipe, as in Node. */
export function hasColours(stream: OutStream, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && stream.hasColors?.(16, env) === true;
}

export function createScreen({ stdout, stderr, env, json, colours }: ScreenOptions): Screen {
  const paintOf = (stream: OutStream) => createPaint(colours && hasColours(stream, env));
  const errorPaint = paintOf(stderr);
  const moving = stderr.isTTY === true && !json && env['TERM'] !== 'dumb';
  let state: Live | null = null;
  let frame = 0;
  let timer: NodeJS.Timeout | null = null;

  const draw = () => {
    if (state === null) return;
    frame = (frame + 1) % FRAMES.length;
    const room = (stderr.columns ?? 80) - 1;
    const done = state.part === undefined ? '' : bar(state.part);
    const head = clip(`${FRAMES[frame]} ${done}${state.text} ${seconds(performance.now() - state.since)} `, room);
    const left = room - width(head);
    // Too short a tail tells nothing.
    const tail = left > 10 ? clipStart(oneLine(state.tail.slice(-500)), left) : '';
    stderr.write(`${CLEAR}${head}${errorPaint.dim(tail)}`);
  };
  const clear = () => {
    if (timer !== null) stderr.write(CLEAR);
  };
  /** Writes a line above the live one. */
  const line = (stream: OutStream, text: string) => {
    clear();
    stream.write(`${text}\n`);
    draw();
  };

  return {
    json,
    paint: paintOf(stdout),
    errorPaint,
    columns: stdout.isTTY === true ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    print: (text) => {
      if (!json) line(stdout, text);
    },
    safe: (text) => (stdout.isTTY === true ? plain(text) : text),
    data: (value) => {
      if (json) line(stdout, JSON.stringify(value));
    },
    note: (text) => {
      if (moving) line(stderr, text);
    },
    warn: (text) => line(stderr, text),
    live(next) {
      if (!moving) return;
      if (next === null) {
        clear();
        if (timer !== null) clearInterval(timer);
        timer = null;
      } else timer ??= setInterval(draw, FRAME_MS).unref();
      state = next;
      draw();
    },
  };
}
