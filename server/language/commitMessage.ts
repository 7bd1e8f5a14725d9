import { OspainError } from '../../protocol/index.ts';
import { answerTokens, charactersIn } from '../agents/modelTurn.ts';
import type { ModelInfo } from '../inference/engine.ts';

/** What a model is asked for a commit message with. */
export const COMMIT_QUESTION = `Write the message of a Git commit for these staged changes: a subject line in the imperative with at most 72 characters; then, only if the reason is not plain, an empty line and a few lines that say why. Answer with the message alone, without quotes or a fence.`;

/** Made by programs: that they changed is all that a message needs. */
const MADE =
  /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|[\w.-]+\.lock|go\.sum|[\w.-]+\.min\.\w+|[\w.-]+\.map)$/;
/** Characters that a file which is left out still takes. */
const LINE = 120;

/**
 * Staged changes as they fit a model: whole where that is possible, else each file by its share, with a line that says how
 * much is left out. Throws `invalid_params` when nothing is staged, and `not_taught` for the embedded model.
 */
export function stagedText(diff: string, info: ModelInfo): string {
  if (info.profile === 'tiny')
    throw new OspainError('not_taught', 'The embedded model was not taught to write commit messages.', {
      hint: 'Name a GGUF model of your own in the setting ospain2.models (command line: OSPAIN2_MODELS).',
    });
  const files = diff.split(/^(?=diff --git )/m).filter((part) => part.trim() !== '');
  if (files.length === 0)
    throw new OspainError('invalid_params', 'Nothing is staged.', {
      hint: 'Stage the changes that you want to commit.',
    });
  const shown = files.map((file) => (MADE.test(pathOf(file)) ? headOf(file) : file));
  let room = charactersIn(info.contextLength - answerTokens(info)) - COMMIT_QUESTION.length - LINE;
  const cut = new Map<string, string>();
  // The shortest first: what they do not need is for the others.
  const byLength = shown.toSorted((one, other) => one.length - other.length);
  for (const [index, file] of byLength.entries()) {
    const text = shortened(file, Math.floor(room / (byLength.length - index)));
    cut.set(file, text);
    room -= text.length;
  }
  return shown
    .map((file) => cut.get(file) ?? '')
    .join('')
    .trim();
}

/** Whole lines of at most so many characters, the last one saying how many are left out. */
function shortened(file: string, most: number): string {
  if (file.length <= most) return file;
  const lines = file.split('\n');
  let length = LINE;
  const kept = lines.findIndex((line) => {
    length += line.length + 1;
    return length > most;
  });
  const left = lines.length - kept;
  return kept < 1 ? '' : `${lines.slice(0, kept).join('\n')}\n(${left} more lines are left out)\n`;
}

const pathOf = (file: string): string => /^diff --git .* b\/(.*)$/m.exec(file)?.[1] ?? '';

const headOf = (file: string): string => `${file.split('\n', 1)[0]}\n(made by a program)\n`;
