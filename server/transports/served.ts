import { MAX_NOTE, type Notification } from '../../protocol/index.ts';
import type { Dispatch } from '../dispatch.ts';

/** What a carrier carries: the core as it looks from outside. */
export interface Served {
  dispatch: Dispatch;
  onNotification(listener: (notification: Notification) => void): () => void;
}

/** Bytes of one incoming message: a note of the largest size, with room for the escapes of JSON and the rest. */
export const MAX_MESSAGE = 2 * MAX_NOTE;
