import type { Suggestion } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { oneLine, table } from './text.ts';

/** How suggestions look to people. */

const MARKS = { open: '○', accepted: '✓', dismissed: '⊘' } as const;

/** A suggestion with its parts by the numbers that `accept --part` takes. */
export function suggestionText(suggestion: Suggestion, screen: Screen): string {
  const { number, about, name, status, reason, parts, model, stale } = suggestion;
  const { paint } = screen;
  if (status === 'asked') return `Suggestion ${number} (${about}) for ${oneLine(name)} is being made.`;
  const by = model === null ? 'made without a model' : `made by ${oneLine(model)}`;
  const [only] = parts;
  const lines =
    about === 'review' && only !== undefined
      ? [screen.safe(only.text.trimEnd())]
      : table(
          parts.map((part, index) => [
            `  ${index + 1}. ${MARKS[part.status]} ${oneLine(part.text)}${part.line === null ? '' : `: ${oneLine(part.line)}`}`,
            part.reason === null ? '' : paint.dim(oneLine(part.reason)),
          ]),
        ).map((line) => line.trimEnd());
  return [
    `${about} for ${oneLine(name)}${parts.length === 0 ? ': nothing to suggest' : ''}`,
    ...lines,
    paint.dim(`${oneLine(reason)} (${by})`),
    ...(stale ? [paint.yellow('What it was made of has changed since: ask again, or accept it with --anyway.')] : []),
    ...(status === 'open' ? [`Take it: ospain2 suggest accept ${number}`] : []),
  ].join('\n');
}

export const suggestionTable = (suggestions: readonly Suggestion[], { paint }: Screen): string[] =>
  table(
    suggestions.map(({ number, about, name, status, stale, parts }) => [
      String(number),
      stale ? paint.yellow('stale') : status,
      about,
      oneLine(name),
      oneLine(parts.map(({ text }) => text).join(', ')).slice(0, 80),
    ]),
  );
