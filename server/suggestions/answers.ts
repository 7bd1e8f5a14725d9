import { z } from 'zod';
import { Horizon, NoteTag } from '../../protocol/index.ts';
import { parsed } from '../agents/answerKind.ts';
import { type Made, type Matter, partOf } from './matter.ts';
import { plain } from './phrases.ts';

/*
 * The forms in which models answer, but for the embedded one. The reason comes first, so that what follows it was thought
 * about; the lengths keep an answer within what a person reads at a glance.
 */

const Reason = z.string().min(8).max(240);

const TagsAnswer = z.object({ reason: Reason, tags: z.array(z.string().min(2).max(30)).min(1).max(5) });
const HorizonAnswer = z.object({ reason: Reason, horizon: Horizon });
const horizonsAnswer = (boxes: number) => z.object({ reason: Reason, horizons: z.array(Horizon).length(boxes) });
const TitleAnswer = z.object({ reason: Reason, title: z.string().min(3).max(80) });
const StepsAnswer = z.object({ reason: Reason, steps: z.array(z.string().min(3).max(160)).min(2).max(8) });

/** Boxes of one note whose horizons are asked for at once. */
export const MOST_BOXES = 20;

const formOf = ({ about, boxes }: Matter) => {
  if (about === 'tags') return TagsAnswer;
  if (about === 'title') return TitleAnswer;
  if (about === 'steps') return StepsAnswer;
  return boxes.length === 0 ? HorizonAnswer : horizonsAnswer(boxesOf(boxes).length);
};

export const boxesOf = (boxes: readonly string[]): readonly string[] => boxes.slice(0, MOST_BOXES);

/** The JSON schema that the answer follows. */
export const schemaOf = (matter: Matter): object => z.toJSONSchema(formOf(matter));

/** Throws `bad_answer` for what does not have the form. */
export function readAnswer(text: string, matter: Matter): Made {
  switch (matter.about) {
    case 'tags': {
      const { reason, tags } = parsed(text, TagsAnswer);
      return newTags(matter, plain(reason), tags.map(asTag).filter(isTag).map(partOf));
    }
    case 'title': {
      const { reason, title } = parsed(text, TitleAnswer);
      return newTitle(matter, plain(reason), plain(title).replace(/[.]$/, ''));
    }
    case 'steps': {
      const { reason, steps } = parsed(text, StepsAnswer);
      return { reason: plain(reason), parts: distinct(steps.map(plain)).map(partOf) };
    }
    case 'horizon': {
      if (matter.boxes.length === 0) {
        const { reason, horizon } = parsed(text, HorizonAnswer);
        return newHorizon(matter, plain(reason), horizon);
      }
      const boxes = boxesOf(matter.boxes);
      const { reason, horizons } = parsed(text, horizonsAnswer(boxes.length));
      const parts = horizons.map((horizon, index) => ({ text: horizon, line: boxes[index] ?? '', reason: null }));
      return { reason: plain(reason), parts };
    }
  }
}

/** Tags that it does not have yet, each once. */
export function newTags({ tags }: Pick<Matter, 'tags'>, reason: string, parts: Made['parts']): Made {
  const seen = new Set(tags.map((tag) => tag.toLowerCase()));
  const fresh = parts.filter(({ text }) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()));
  const known = [...new Set(parts.map(({ text }) => text))].join(', ');
  return fresh.length > 0 || known === ''
    ? { reason, parts: fresh }
    : { reason: `It has these tags already: ${known}.`, parts: [] };
}

export const newHorizon = ({ horizon: now }: Pick<Matter, 'horizon'>, reason: string, horizon: Horizon): Made =>
  horizon === now
    ? { reason: `It is for “${horizon}” already. ${reason}`, parts: [] }
    : { reason, parts: [partOf(horizon)] };

export const newTitle = ({ title: now }: Pick<Matter, 'title'>, reason: string, title: string): Made =>
  title === '' || title === now
    ? { reason: 'Its title is as good as the one that was found.', parts: [] }
    : { reason, parts: [partOf(title)] };

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].filter((text) => text !== '');

/** As people write tags: models like to put a `#` before them, and blanks in between. */
const asTag = (text: string): string => text.trim().replace(/^#+/, '').toLowerCase().replaceAll(/\s+/g, '-');

const isTag = (text: string): boolean => NoteTag.safeParse(text).success;
