import type { Problem } from '../../protocol/index.ts';
import { clip, type Offer, offer, type Place } from './offer.ts';
import { linesAround, touches } from './subject.ts';

/** Problems of one place that are offered a fix each. */
const MOST_PROBLEMS = 5;
/** Lines around a problem that a model is shown. */
const AROUND = 10;

const NOTHING = 'Select some code, or put the cursor into a function.';

/** What is offered for a model that was taught to read and write code. */
export function offersOf(place: Place): Offer[] {
  const { path, subject } = place;
  const what = subject?.name ?? 'the selected code';
  const nothing = subject === undefined ? NOTHING : null;
  const unnamed = nothing ?? (subject?.name === null ? 'Put the cursor into a function or class.' : null);
  return [
    ...problemsAt(place).map(([index, problem]) => fixOf(place, index, problem)),
    offer(place, {
      name: 'explain',
      title: subject?.name ? `Explain ${subject.name}` : 'Explain Selection',
      kind: 'ask',
      disabled: nothing,
      instruction: () => `Explain ${what}: what it does, and what one has to know before changing it.`,
    }),
    offer(place, {
      name: 'document',
      title: subject?.name ? `Document ${subject.name}` : 'Document',
      kind: 'agent',
      disabled: unnamed,
      instruction: () =>
        `Write a doc comment for ${what} in ${path}, as the language and the file have them. Change nothing else.`,
    }),
    offer(place, {
      name: 'tests',
      title: subject?.name ? `Write Tests for ${subject.name}` : 'Write Tests',
      kind: 'agent',
      disabled: nothing,
      instruction: () =>
        `Write tests for ${what} of ${path}, with the framework and in the style of the tests that are there. Do not change ${path}.`,
    }),
    offer(place, {
      name: 'refactor',
      title: 'Refactor…',
      kind: 'agent',
      disabled: nothing,
      question: 'What is to become of this code?',
      instruction: (said) => `Refactor ${what} in ${path}, and keep what it does: ${said}`,
    }),
    offer(place, {
      name: 'ask',
      title: 'Ask…',
      kind: 'ask',
      disabled: nothing,
      question: 'What do you want to know about this code?',
      instruction: (said) => said,
    }),
  ];
}

/** Those that touch the range, each with its place in the list. */
export function problemsAt({ problems, range }: Place): [index: number, problem: Problem][] {
  const found = [...problems.entries()].filter(([, problem]) => touches(problem.range, range));
  return found.slice(0, MOST_PROBLEMS);
}

function fixOf(place: Place, index: number, problem: Problem): Offer {
  const { path, text } = place;
  const { range, message, source, code } = problem;
  const whose = [source, code].filter((part) => part !== undefined).join(' ');
  return offer(place, {
    name: 'fix',
    title: `Fix this problem: ${clip(message, 80)}`,
    kind: 'agent',
    problem: index,
    range,
    context: { path, text: linesAround(text, range, AROUND) },
    instruction: () =>
      `Fix this problem in ${path}, line ${range.start.line + 1}: ${message.trim()}${whose && ` (${whose})`}\nChange nothing else.`,
  });
}
