import { writeScriptedModel } from './gguf/scriptedModel.ts';

/** What the model of `writeLongTalker` says to everything: long enough to be interrupted. */
export const LONG_ANSWER = Array.from({ length: 600 }, (_, index) => `word${index}`).join(' ');

/** Writes a model that takes its time; returns its path. */
export function writeLongTalker(path: string): string {
  writeScriptedModel(path, [{ answers: [LONG_ANSWER] }]);
  return path;
}
