import {
  type Action,
  type ActionName,
  INTERACTIVE,
  type Lens,
  OspainError,
  type ParsedParams,
  type Spot,
  type Task,
} from '../../protocol/index.ts';
import { listFiles, searchFiles } from '../agents/files.ts';
import { createOverlay } from '../agents/overlay.ts';
import { hasName } from '../agents/sentence.ts';
import { shown } from '../agents/workspacePaths.ts';
import type { Engine } from '../inference/engine.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { Queue } from '../tasks/queue.ts';
import { COMMIT_QUESTION, stagedText } from './commitMessage.ts';
import type { Declaration } from './declarations.ts';
import type { Offer, Place } from './offer.ts';
import { offersOf } from './offers.ts';
import { declarationsOf } from './parsedDeclarations.ts';
import { saidInComment, subjectOf } from './subject.ts';
import { tinyOffers } from './tinyOffers.ts';

interface ActionsDeps {
  queue: Pick<Queue, 'submit' | 'together'>;
  engine: Pick<Engine, 'describe'>;
  /** Knows what a text declares. */
  syntax: Pick<Syntax, 'parse'>;
  /** Real path of the workspace. */
  root: string;
}

/** What can be done with the code where a person is, and the tasks that this becomes. */
export interface Actions {
  list(params: ParsedParams<'action/list'>): Promise<Action[]>;
  run(params: ParsedParams<'action/run'>): Promise<Task>;
  lenses(params: ParsedParams<'action/lenses'>): Promise<Lens[]>;
  commitMessage(params: ParsedParams<'action/commitMessage'>): Promise<Task>;
}

/** Declarations of one file that lenses are shown above. */
const MOST_LENSES = 200;
const LENSES: readonly ActionName[] = ['explain', 'document', 'tests'];

export function createActions({ queue, engine, syntax, root }: ActionsDeps): Actions {
  const onDisk = (path: string): string | undefined => {
    const overlay = createOverlay(root);
    try {
      const place = overlay.find(path);
      return place.is === 'file' ? (overlay.read(place) ?? undefined) : undefined;
    } catch {
      // What cannot be read as text is nothing that an action could be about.
      return undefined;
    }
  };

  const pathOf = (path: string): string => createOverlay(root).find(path).path;

  const placeOf = (spot: Spot, declarations: readonly Declaration[]): Place => ({
    ...spot,
    path: pathOf(spot.path),
    subject: subjectOf(spot, declarations),
    said: saidInComment(spot),
  });

  const offersAt = (place: Place, model: string): Offer[] => {
    const info = engine.describe(model);
    return info.profile === 'tiny' ? tinyOffers(place, { info, read: onDisk, assertOnlyIn }) : offersOf(place);
  };

  /** A rename in one file would break the others that use the name. */
  const assertOnlyIn = async (path: string, name: string): Promise<void> => {
    const { paths } = await listFiles(root, '.');
    const others = paths.filter((other) => other !== path);
    const { matches } = await searchFiles({ paths: others, read: onDisk, text: name, limit: 1000 });
    const used = matches.find(({ text }) => hasName(text, name));
    if (used)
      throw new OspainError(
        'wrong_state',
        `${name} is used in ${shown(used.path)} too: a new name in ${shown(path)} alone would break that.`,
      );
  };

  /** A proposal begins with what is on disk: what the editor has besides would be in conflict with it. */
  const assertSaved = ({ path, text }: Place): void => {
    const saved = onDisk(path);
    if (saved !== undefined && sameText(saved, text)) return;
    throw new OspainError('wrong_state', `${shown(path)} has changes that are not saved.`, {
      hint: 'Save the file first: its edits are made from what is on disk.',
    });
  };

  const submit = (task: Parameters<Queue['submit']>[0]): Promise<Task> =>
    queue.together(() => queue.submit({ ...task, priority: INTERACTIVE }));

  return {
    async list({ automatic, model, ...spot }) {
      const offers = offersAt(placeOf(spot, await declarationsOf(syntax, spot)), model);
      const { start, end } = spot.range;
      const selected = start.line !== end.line || start.character !== end.character;
      if (automatic && !selected && !offers.some(({ name, disabled }) => name === 'fix' && disabled === null))
        return [];
      return offers.map(actionOf);
    },
    async run({ id, model, name, problem, said = '', autoAccept, ...spot }) {
      const place = placeOf(spot, await declarationsOf(syntax, spot));
      const offer = offersAt(place, model).find((one) => one.name === name && one.problem === problem);
      if (offer === undefined) throw new OspainError('not_found', 'What this action was about is not there any more.');
      if (offer.disabled !== null) throw new OspainError('wrong_state', offer.disabled);
      if (offer.question !== null && said === '') throw new OspainError('invalid_params', offer.question);
      if (offer.kind === 'agent') assertSaved(place);
      await offer.check?.();
      const { kind, context } = offer;
      return submit({ ...(id && { id }), kind, model, instruction: offer.instruction(said), context, autoAccept });
    },
    async lenses({ model, ...open }) {
      const path = pathOf(open.path);
      const declarations = await declarationsOf(syntax, open);
      const shown = declarations.filter(({ is }) => is !== 'constant').slice(0, MOST_LENSES);
      return shown.map(({ name, first }) => {
        const start = { line: first, character: 0 };
        const range = { start, end: start };
        const offers = offersAt(placeOf({ ...open, path, range, problems: [] }, declarations), model);
        const possible = offers.filter((offer) => LENSES.includes(offer.name) && offer.disabled === null);
        return { name, range, actions: possible.map(actionOf) };
      });
    },
    async commitMessage({ id, model, diff }) {
      const text = stagedText(diff, engine.describe(model));
      const context = { path: 'staged changes', text };
      return submit({
        ...(id && { id }),
        kind: 'ask',
        model,
        instruction: COMMIT_QUESTION,
        context,
        autoAccept: 'none',
      });
    },
  };
}

const actionOf = ({
  kind: _kind,
  instruction: _instruction,
  context: _context,
  check: _check,
  ...action
}: Offer): Action => action;

/** Line ends and the mark at the beginning are the editor's business. */
const sameText = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
