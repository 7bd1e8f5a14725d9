import { estimateMemory } from '../models/gguf/memory.ts';
import { readGguf } from '../models/gguf/read.ts';
import { MAX_CONTEXT, type StoredModel } from '../models/registry.ts';
import type { Footprint } from './room.ts';

/** What a model takes, by the header of its file; a header is read again when the file may be another one. */
export function createFootprints(): (model: StoredModel) => Footprint {
  const known = new Map<string, { bytes: number; footprint: Footprint }>();
  return ({ artifact, bytes }) => {
    const before = known.get(artifact);
    if (before?.bytes === bytes) return before.footprint;
    const footprint = read(artifact) ?? guess(bytes);
    known.set(artifact, { bytes, footprint });
    return footprint;
  };
}

/** Null for a file that cannot be read: whoever loads it says what is wrong with it. */
function read(path: string): Footprint | null {
  try {
    const info = readGguf(path);
    const contextLength = Math.min(info.contextLength ?? MAX_CONTEXT, MAX_CONTEXT);
    const one = estimateMemory(info, { contextLength, sequences: 1 }).total;
    // A model that only embeds reads one text after another.
    const conversation = info.isEmbedding ? 0 : estimateMemory(info, { contextLength, sequences: 2 }).total - one;
    return { model: one - conversation, conversation };
  } catch {
    return null;
  }
}

/** The file and something around it, a process, and about a fifth of the file a conversation. */
const guess = (bytes: number): Footprint => ({ model: bytes * 1.1 + 200e6, conversation: bytes * 0.2 });
