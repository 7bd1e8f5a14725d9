/** Where the server's own sentences go. Never pass task text, file content or prompts: logs are kept in plain text. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}
