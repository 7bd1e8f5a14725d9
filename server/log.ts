/** Where the server's own sentences go. Never pass task text, file content or prompts: logs are kept in plain text. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

export type LogLevel = keyof Log;

export interface LogLine {
  at: number;
  level: LogLevel;
  message: string;
}

const KEPT_LINES = 500;

/** A log that hands each line on and keeps the newest 500 in memory for diagnostics; nothing goes to disk here. */
export function createLog(write: (line: LogLine) => void, now: () => number = Date.now): Log & { recent(): LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLevel) => (message: string) => {
    const line = { at: now(), level, message };
    if (lines.push(line) > KEPT_LINES) lines.shift();
    write(line);
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), recent: () => [...lines] };
}
