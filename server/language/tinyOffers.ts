import { isDeepStrictEqual } from 'node:util';
import { OspainError } from '../../protocol/index.ts';
import { assertFits } from '../agents/modelTurn.ts';
import { askTurn } from '../agents/prompts.ts';
import { questionTurn, type Request, requestTurn, taughtRequest } from '../agents/taught.ts';
import type { ModelInfo } from '../inference/engine.ts';
import { definiteFix } from './definiteFix.ts';
import { clip, type Offer, offer, type Place } from './offer.ts';
import { problemsAt } from './offers.ts';

interface TinyDeps {
  info: ModelInfo;
  /** The text of a file as it is on disk; undefined when there is none. */
  read(path: string): string | undefined;
  /** Rejects when another file of the workspace has the name. */
  assertOnlyIn(path: string, name: string): Promise<void>;
}

const ENOUGH = 'A larger model does this: name one in the setting ospain2.models.';

/** What is offered for the embedded model: what it was taught, and for everything else why not. */
export function tinyOffers(place: Place, deps: TinyDeps): Offer[] {
  const { path, subject } = place;
  const code = subject?.text ?? '';
  const name = subject?.name ?? undefined;
  const none = 'Put the cursor into a function or onto a constant.';
  const missing = name === undefined ? none : undefined;
  return [
    ...fixes(place, deps),
    offer(place, {
      name: 'explain',
      title: name === undefined ? 'Explain' : `Explain ${name}`,
      kind: 'ask',
      // With other functions around it, the model at times tells of them.
      context: { path, text: code },
      disabled:
        missing ?? reason(() => fits(questionTurn({ name: name ?? '', path, text: code }), { path, text: code }, deps)),
      instruction: () => `What does ${name} do?`,
    }),
    offer(place, {
      name: 'document',
      title: name === undefined ? 'Document…' : `Document ${name}…`,
      kind: 'agent',
      context: { path },
      disabled: missing ?? reason(() => fits('', place, deps)),
      question: `What shall the comment of ${name} say?`,
      instruction: (said) => instructionFor({ act: 'document', path, name: name ?? '', text: clip(said, 200) }),
    }),
    offer(place, {
      name: 'tests',
      title: 'Write Tests',
      kind: 'agent',
      disabled: `The embedded model was not taught to write tests. ${ENOUGH}`,
      instruction: () => '',
    }),
    offer(place, {
      name: 'refactor',
      title: 'Refactor…',
      kind: 'agent',
      context: { path },
      disabled: missing ?? reason(() => fits('', place, deps)),
      question: `The embedded model renames a function or sets a constant, such as: rename ${name} to …`,
      instruction: (said) => {
        // Throws for what it was not taught, before there is a task.
        taughtRequest(said, { path });
        return said;
      },
    }),
    offer(place, {
      name: 'ask',
      title: 'Ask…',
      kind: 'ask',
      disabled: `The embedded model answers one question only, which Explain asks. ${ENOUGH}`,
      instruction: () => '',
    }),
  ];
}

function fixes(place: Place, deps: TinyDeps): Offer[] {
  const { path, text } = place;
  return problemsAt(place).map(([problem, said]) => {
    const rename = definiteFix(said, { path, text, read: deps.read });
    const common = { name: 'fix', kind: 'agent', problem, range: said.range } as const;
    if (rename === undefined)
      return offer(place, {
        ...common,
        title: `Fix this problem: ${clip(said.message, 80)}`,
        disabled: `The embedded model was not taught to fix this. ${ENOUGH}`,
        instruction: () => '',
      });
    const where = rename.path === path ? '' : ` in ${rename.path}`;
    return offer(place, {
      ...common,
      title: `Fix this problem: rename ${rename.name} to ${rename.newName}${where}`,
      context: { path: rename.path },
      disabled: reason(() => fits('', { path: rename.path, text: deps.read(rename.path) ?? '' }, deps)),
      // An import may as well be what is wrong.
      sure: rename.path === path,
      instruction: () => instructionFor(rename),
      check: () => deps.assertOnlyIn(rename.path, rename.name),
    });
  });
}

/** The request as people say it: with its file, unless that is named in a way that a sentence cannot hold. */
function instructionFor(request: Request): string {
  const said = requestTurn(request);
  const { path } = request;
  try {
    if (isDeepStrictEqual(taughtRequest(said, null), request)) return said;
  } catch {
    // Then the task's context names the file.
  }
  return said.replace(` in ${path}`, '');
}

const fits = (question: string, { path, text }: Pick<Place, 'path' | 'text'>, { info }: TinyDeps): void =>
  assertFits(askTurn({ question, text }), info, path);

/** Why something cannot be done; null when it can. */
function reason(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (thrown) {
    return OspainError.from(thrown).message;
  }
}
