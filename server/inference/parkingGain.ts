/** At which a state is deciphered from a disk and handed to llama.cpp, on a slow machine. Bytes a second. */
const RESTORE_RATE = 200e6;
/** Keeping it takes as long again, and may be for nothing. */
const GAIN = 2;

/** Whether a state is restored faster than evaluated again: not always where a graphics processor reads the prompts. `promptRate`: tokens a second; null where none was measured. */
export const paysToPark = (bytesPerToken: number, promptRate: number | null): boolean =>
  promptRate === null || 1 / promptRate > (GAIN * bytesPerToken) / RESTORE_RATE;
