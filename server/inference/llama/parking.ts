import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import type { LlamaTextJSON, Token } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import { MEMORY_FILE, type Parked, type ParkParams } from '../workerProtocol.ts';
import type { Listener } from './pace.ts';
import type { Spoken } from './prompt.ts';
import { type Speaker, withSlot } from './speaker.ts';

/*
 * The state of a conversation on its way out of this process and back, in the memory file: what llama.cpp writes of a
 * sequence, then what was said there, then the length of that in four bytes. The library reads and writes by a path only.
 */

/** Tells states of another form from these. */
export const STATE_FORM = 1;

const PATH = `/proc/self/fd/${MEMORY_FILE}`;
const LENGTH = 4;

/** `Spoken` as JSON: the model's own cut of its text into tokens, which no other reading of the text would give again. */
interface Note {
  prompt: { text: LlamaTextJSON; tokens: Token[] };
  answer: Spoken['answer'];
}

/** Null where the conversation has no slot any more, or not so many tokens. */
export async function park(
  { slots, enterGate }: Speaker,
  { conversation, least, most }: ParkParams,
  listener: Listener,
): Promise<Parked | null> {
  const slot = await slots.takeOwn(conversation);
  if (slot === null) return null;
  const { sequence, spoken } = slot;
  const pace = enterGate('background', listener);
  try {
    const tokens = sequence.nextTokenIndex;
    if (tokens < least || tokens > most) return null;
    // Guesses that were never said are evaluated too, and would be restored without anyone knowing of them.
    await sequence.eraseContextTokenRanges([{ start: tokens, end: Number.POSITIVE_INFINITY }]);
    const { fileSize } = await pace.slice(() => sequence.saveStateToFile(PATH));
    // llama.cpp does not hear of what could not be written in the end.
    if (fstatSync(MEMORY_FILE).size !== fileSize) throw new OspainError('memory_short', 'The state found no room.');
    return { tokens, bytes: fileSize + writeNote(spoken, fileSize) };
  } finally {
    pace.leave();
    slots.free(slot);
  }
}

export const held = ({ slots }: Speaker, conversation: string): number => slots.held(conversation);

/** Whatever goes wrong, the slot is left as one that holds nothing. */
export async function restore(speaker: Speaker, conversation: string, listener: Listener): Promise<null> {
  const want = { conversation, priority: 'background', tokensAfter: () => [] } as const;
  return withSlot(speaker, want, listener, async (slot, pace) => {
    slot.spoken = null;
    const spoken = takeNote(speaker);
    // Of a file that it refuses at once llama.cpp leaves the sequence as it was, and the library takes it for empty.
    await slot.sequence.clearHistory();
    await pace.slice(async () => {
      try {
        await slot.sequence.loadStateFromFile(PATH, { acceptRisk: true });
      } catch (cause) {
        throw new OspainError('wrong_state', 'The state does not fit the model.', { cause });
      }
    });
    slot.spoken = spoken;
    return null;
  });
}

function writeNote(spoken: Spoken | null, at: number): number {
  const note: Note | null = spoken && {
    prompt: { text: spoken.prompt.text.toJSON(), tokens: spoken.prompt.tokens },
    answer: spoken.answer,
  };
  const text = Buffer.from(JSON.stringify(note));
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(text.length);
  return writeSync(MEMORY_FILE, Buffer.concat([text, length]), 0, text.length + LENGTH, at);
}

/** Takes the note off the end of the file. */
function takeNote({ library }: Speaker): Spoken | null {
  const end = fstatSync(MEMORY_FILE).size - LENGTH;
  const length = readAt(Buffer.alloc(LENGTH), end).readUInt32LE();
  const text = readAt(Buffer.alloc(length), end - length);
  ftruncateSync(MEMORY_FILE, end - length);
  const note = JSON.parse(text.toString()) as Note | null;
  if (note === null) return null;
  const { prompt, answer } = note;
  return { prompt: { text: library.LlamaText.fromJSON(prompt.text), tokens: prompt.tokens }, answer };
}

function readAt(into: Buffer, at: number): Buffer {
  readSync(MEMORY_FILE, into, 0, into.length, at);
  return into;
}
