import { answerTokens, takeTurn } from '../agents/modelTurn.ts';
import { readPast } from '../agents/past.ts';
import { TINY } from '../agents/prompts.ts';
import type { Engine, Grammar } from '../inference/engine.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import { readAnswer, schemaOf } from './answers.ts';
import type { Made, Matter } from './matter.ts';
import { SYSTEM, turnOf } from './prompts.ts';
import type { RelatedNotes } from './relatedNotes.ts';
import type { Suggestions } from './suggestions.ts';
import { askTiny } from './tiny.ts';
import type { WeekFigures } from './weekFigures.ts';
import { REVIEW_SYSTEM, readReview, reviewSchema, reviewTokens, reviewTurn } from './weekReview.ts';

interface SuggestDeps {
  engine: Engine;
  suggestions: Suggestions;
  related: Pick<RelatedNotes, 'byMeaning'>;
}

/** Makes a suggestion that somebody asked for; nothing but its row changes. */
export function createSuggestKind({ engine, suggestions, related }: SuggestDeps): Kind {
  return {
    name: 'suggest',
    async run(attempt) {
      const { task, signal } = attempt;
      const matter = suggestions.begin(attempt);
      if (matter.about === 'related') {
        const { made, model } = await related.byMeaning(matter, { signal, progress: attempt.progress });
        return keep(attempt, made, model);
      }
      const info = engine.describe(task.model);
      const ask = asking(attempt, engine);
      const made = await (matter.about === 'review'
        ? askReview(ask, matter.figures)
        : info.profile === 'tiny'
          ? askEmbedded(ask, matter)
          : askModel(ask, matter));
      return keep(attempt, made, `${info.name}@${info.version}`);

      async function askModel(ask: Ask, matter: Matter): Promise<Made> {
        const grammar = { schema: schemaOf(matter) };
        const said = await ask(1, {
          system: SYSTEM,
          text: () => turnOf(matter, info),
          grammar,
          maxTokens: answerTokens(info),
        });
        return readAnswer(said, matter);
      }

      async function askReview(ask: Ask, figures: WeekFigures): Promise<Made> {
        const grammar = { schema: reviewSchema() };
        const text = () => reviewTurn(figures, info);
        return readReview(
          await ask(1, { system: REVIEW_SYSTEM, text, grammar, maxTokens: reviewTokens(info) }),
          figures,
        );
      }

      async function askEmbedded(ask: Ask, matter: Matter): Promise<Made> {
        const { turns, read } = askTiny(matter);
        const answers: string[] = [];
        for (const [index, { text, gbnf }] of turns.entries())
          answers.push(
            await ask(index + 1, { system: TINY, text: () => text, grammar: { gbnf }, maxTokens: answerTokens(info) }),
          );
        return read(answers);
      }
    },
  };

  function keep(attempt: Attempt, made: Made, model: string): string {
    attempt.write(() => suggestions.put(attempt.task, made, model));
    return made.parts.length === 0 ? made.reason : made.parts.map(({ text }) => text).join('\n');
  }
}

interface Question {
  system: string;
  text(): string;
  grammar: Grammar;
  maxTokens: number;
}

type Ask = (turn: number, question: Question) => Promise<string>;

/** Asks each turn as a conversation of its own; what an interrupted attempt heard already is not asked again. */
function asking(attempt: Attempt, engine: Engine): Ask {
  const past = readPast(attempt.history).turns;
  return async (turn, { system, text, grammar, maxTokens }) => {
    const before = past.get(turn)?.answer;
    if (before !== undefined) return before.text;
    attempt.progress('thinking of a suggestion');
    const turns = [{ role: 'user', text: text() }] as const;
    return (await takeTurn({ engine, attempt, turn, system, turns, grammar, maxTokens })).text;
  };
}
