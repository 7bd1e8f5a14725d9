/**
 * What the embedded model was taught, and nothing else: a request outside is refused before any work, so that the model
 * never pretends. What is inside is said to it in one form, however the person put it.
 */

import { OspainError, type TaskContext } from '../../protocol/index.ts';
import { planTurn, tagTurn } from './prompts.ts';
import { hasName, plainRequest, takePath } from './sentence.ts';
import { TAG_CUES } from './tagCues.ts';
import { isTaughtBody } from './taughtBody.ts';

/** One of the three changes that the embedded model makes. */
export type Request = { path: string; name: string } & (
  | { act: 'constant'; value: string }
  | { act: 'rename'; newName: string }
  | { act: 'document'; text: string }
);

const NAME = String.raw`["']?(?<name>[A-Za-z_$][\w$]*)["']?`;
const NEW_NAME = String.raw`["']?(?<newName>[A-Za-z_$][\w$]*)["']?(?:\(\))?`;
const VALUE = String.raw`(?<value>true|false|\d+(?:\.\d+)?|"[^"]*"|'[^']*')`;
const THE = String.raw`(?:the\s+)?(?:(?:value\s+of\s+)?(?:the\s+)?(?:constant|const|variable|setting|flag|value)\s+(?:of\s+)?)?`;
const FUNCTION = String.raw`(?:the\s+)?(?:(?:function|method)\s+)?`;
const MUST = String.raw`(?:should|must|shall|has\s+to|needs\s+to|ought\s+to)`;

const shapes = (...texts: string[]): RegExp[] => texts.map((text) => new RegExp(`^${text}$`, 'i'));

const CONSTANT = shapes(
  String.raw`(?:set|change|update|switch|turn|put)\s+${THE}${NAME}(?:\s+from\s+\S+)?(?:\s+to(?:\s+be)?\s+|\s*=\s*)${VALUE}`,
  String.raw`make\s+${THE}${NAME}\s+(?:equal\s+(?:to\s+)?|be\s+|=\s*)?${VALUE}`,
  String.raw`${THE}${NAME}\s+${MUST}\s+(?:now\s+)?(?:be|equal|become|have\s+the\s+value)\s+(?:set\s+to\s+|changed\s+to\s+|equal\s+to\s+)?${VALUE}`,
  String.raw`i\s+(?:want|need|would\s+like|['’]d\s+like)\s+${THE}${NAME}\s+to\s+(?:be|equal|become)\s+${VALUE}`,
  String.raw`${NAME}\s*=\s*${VALUE}`,
);
const RENAME = shapes(
  String.raw`rename\s+${FUNCTION}${NAME}(?:\(\))?\s+(?:to|as|into)\s+${NEW_NAME}`,
  String.raw`change\s+the\s+name\s+of\s+${FUNCTION}${NAME}(?:\(\))?\s+to\s+${NEW_NAME}`,
  String.raw`${FUNCTION}${NAME}(?:\(\))?\s+${MUST}\s+be\s+(?:called|named|renamed(?:\s+to)?)\s+${NEW_NAME}`,
  String.raw`i\s+(?:want|need|would\s+like)\s+${FUNCTION}${NAME}(?:\(\))?\s+to\s+be\s+(?:called|named|renamed(?:\s+to)?)\s+${NEW_NAME}`,
);
const DOCUMENT = shapes(
  String.raw`(?:add|put|write)\s+(?:an?\s+|this\s+|the\s+)?(?:doc(?:umentation)?[ -]?)?comment\s+(?:to|above|on|for|over)\s+${FUNCTION}${NAME}(?:\(\))?`,
  String.raw`document\s+${FUNCTION}${NAME}(?:\(\))?`,
);
const QUESTION = shapes(
  String.raw`(?:explain(?:\s+to\s+me)?|tell\s+me|describe)?\s*what\s+(?:does\s+)?${FUNCTION}${NAME}(?:\(\))?\s+(?:do|does)`,
  String.raw`(?:explain|describe)\s+(?:to\s+me\s+)?${FUNCTION}${NAME}(?:\(\))?`,
  String.raw`what(?:\s+is|['’]s)\s+${FUNCTION}${NAME}(?:\(\))?(?:\s+for)?`,
);

/** The change that an instruction asks for; throws `not_taught` for any other. */
export function taughtRequest(instruction: string, context: TaskContext | null): Request {
  const request = readDocument(instruction, context) ?? readChange(instruction, context);
  if (request) return request;
  throw notTaught(
    'It can change a constant, rename a function or add a doc comment, in a file that you name.',
    'Set RETRY_MAX to 5 in src/limits.ts',
  );
}

function readDocument(instruction: string, context: TaskContext | null): Request | undefined {
  // The text of the comment follows the first colon that a path does not end with, and stays as it was typed.
  for (const colon of [...instruction.matchAll(/:\s+/g)].slice(0, 3)) {
    const said = takePath(plainRequest(instruction.slice(0, colon.index)));
    const text = instruction.slice(colon.index + colon[0].length).trim();
    const name = said && firstMatch(DOCUMENT, said.rest)?.['name'];
    const path = said?.path ?? context?.path;
    if (!name || !path) continue;
    return text === '' || /\n|\*\//.test(text) ? undefined : { act: 'document', path, name, text };
  }
  return undefined;
}

function readChange(instruction: string, context: TaskContext | null): Request | undefined {
  const said = takePath(plainRequest(instruction));
  const path = said?.path ?? context?.path;
  if (!said || !path) return undefined;
  const { name, value } = firstMatch(CONSTANT, said.rest) ?? {};
  if (name && value)
    return { act: 'constant', path, name, value: /^(true|false)$/i.test(value) ? value.toLowerCase() : value };
  const renamed = firstMatch(RENAME, said.rest);
  const { name: old, newName } = renamed ?? {};
  // Only functions: a name in capitals is a constant.
  if (old && newName && old !== newName && !/^[A-Z][A-Z\d_]+$/.test(old))
    return { act: 'rename', path, name: old, newName };
  return undefined;
}

/** The one form in which the model hears a request. */
export function requestTurn(request: Request): string {
  const { path, name } = request;
  if (request.act === 'constant') return `Set ${name} to ${request.value} in ${path}.`;
  if (request.act === 'rename') return `Rename ${name} to ${request.newName} in ${path}.`;
  return `Add a doc comment to ${name} in ${path}: ${request.text}`;
}

/** The name that a question asks about, and its file when it says one; throws `not_taught` for any other question. */
export function taughtQuestion(instruction: string): { name: string; path: string | undefined } {
  const said = takePath(plainRequest(instruction));
  const name = said && firstMatch(QUESTION, said.rest)?.['name'];
  if (said && name) return { name, path: said.path };
  throw notTaught(
    'It can say what one function or constant of a file does.',
    'What does MAX_ITEMS in src/orders.ts do?',
  );
}

/** The question in the model's form; throws `not_found` when the text does not have the name, `not_taught` when it is not simple. */
export function questionTurn({ name, path, text }: { name: string; path: string | undefined; text: string }): string {
  const where = path === undefined ? '' : ` in ${path}`;
  if (!hasName(text, name)) throw new OspainError('not_found', `There is no ${name}${where || ' in this text'}.`);
  if (isTaughtBody(text, name)) return `What does ${name}${where} do?`;
  throw notTaught(
    `It can say what a constant or a function of one simple statement does, and ${name} is more than that.`,
    'What does MAX_ITEMS in src/orders.ts do?',
  );
}

const PAIRS = /^(?:add .+ to|fix .+ in|remove .+ from|document .+ in|speed up .+ in|move .+ to|replace .+ with) .+$/i;
const PLAIN = /^(?:write|build|clean|improve|check|release|translate|design|publish|review|test|install) .+$/i;

/** A goal in the model's form; throws `not_taught`. */
export function taughtGoal(goal: string): string {
  const said = plainRequest(goal);
  const words = said.split(' ').length;
  if ((PAIRS.test(said) || PLAIN.test(said)) && words <= 14 && /^[\w' -]+$/.test(said))
    return planTurn(said.slice(0, 1).toLowerCase() + said.slice(1));
  throw notTaught('It can plan one thing said in one plain sentence.', 'add a cache to the server');
}

const CUE = new RegExp(String.raw`(?<!\w)(?:${Object.values(TAG_CUES).flat().join('|')})(?!\w)`, 'i');

/** A note in the model's form; throws `not_taught` when it has none of the words that the model sorts by. */
export function taughtNote(note: string): string {
  if (CUE.test(note) && !note.includes('\n') && note.length <= 200) return tagTurn(note);
  throw notTaught(
    `It sorts short notes by words such as ${Object.values(TAG_CUES)
      .map((cues) => cues[0])
      .join(', ')}.`,
    'fix the crash in the parser tomorrow',
  );
}

function firstMatch(from: readonly RegExp[], text: string): Record<string, string> | undefined {
  for (const shape of from) {
    const { groups } = shape.exec(text) ?? {};
    if (groups) return groups;
  }
  return undefined;
}

const notTaught = (can: string, example: string): OspainError =>
  new OspainError('not_taught', `The embedded model was not taught this. ${can}`, {
    hint: `For example «${example}». For more, name a GGUF model of your own in the setting ospain2.models (command line: OSPAIN2_MODELS).`,
  });
