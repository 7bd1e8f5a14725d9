/** What carries frames both ways, as data: `postMessage` in VS Code, a WebSocket in a browser. It opens once and closes once. */
export interface Pipe {
  /** Frames sent before `onOpen` or after `onClose` are lost. */
  send(frame: unknown): void;
  close(): void;
}

export interface PipeEvents {
  onOpen(): void;
  /** Whatever came; nobody has looked at it yet. */
  onFrame(frame: unknown): void;
  /** It ended, or never opened; `final` when opening another would end the same way, such as after a refused login. */
  onClose(reason: PipeEnd): void;
}

export interface PipeEnd {
  /** What happened, one sentence, and what to do. */
  readonly message: string;
  readonly hint: string;
  readonly final: boolean;
}

export type OpenPipe = (events: PipeEvents) => Pipe;
