import type { OpenPipe } from './pipe.ts';

export interface PanelPort {
  post(message: unknown): void;
  /** The returned function stops it. */
  listen(heard: (message: unknown) => void): () => void;
}

/** Frames as messages to VS Code, which says when its server can be asked. It is never opened anew: VS Code brings the server back. */
export const panelPipe =
  ({ post, listen }: PanelPort): OpenPipe =>
  ({ onOpen, onFrame, onClose }) => {
    const stop = listen((message) => {
      const { line } = (message ?? {}) as { line?: unknown };
      if (line === 'open') return onOpen();
      if (line !== 'closed') return onFrame(message);
      stop();
      const { message: what, hint } = message as { message?: unknown; hint?: unknown };
      onClose({ message: String(what), hint: String(hint), final: false });
    });
    post({ ready: true });
    return { send: post, close: stop };
  };
