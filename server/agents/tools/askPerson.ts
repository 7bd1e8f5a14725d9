import { shown } from '../workspacePaths.ts';
import { defineTool } from './tool.ts';

/** The gate answers it with what the person types: it waits there without a worker. */
export const askPerson = defineTool({
  name: 'ask_person',
  header: { question: 'text' },
  body: 'none',
  example: { question: 'Should old settings still be read?' },
  does: 'asks the person, and waits for the answer.',
  effect: 'ask',
  family: 'people',
  words: ({ question }) => ({ doing: 'asking', what: `ask: ${shown(question)}` }),
  run: () => {
    throw new Error('a question is answered before its call is made');
  },
});
