import { useEffect } from 'react';
import type { About, SuggestionSubject } from '../../protocol/suggestions.ts';
import { useHub, useSuggestions } from '../stores/hub.ts';
import { Icon } from '../ui/Icon.tsx';
import { t } from '../words.ts';
import { Problem } from './Problem.tsx';
import { SuggestionCard } from './SuggestionCard.tsx';
import { suggestionWords } from './suggestionWords.ts';

export interface SuggestionsProps {
  /** A note by its id, an item by its id, or a week. */
  readonly of: SuggestionSubject;
  /** What may be asked for here, in this order. */
  readonly abouts: readonly About[];
  /** Something was accepted: the note or item is another now. */
  readonly onAccepted?: (() => void) | undefined;
}

/** What a model may propose for a note or an item: buttons that ask for it, and what came of that. */
export function Suggestions({ of, abouts, onAccepted }: SuggestionsProps) {
  const { suggestions } = useHub();
  const group = useSuggestions(of);
  // The subject is a new object with every drawing; its key is not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => suggestions.open(of), [suggestions, JSON.stringify(of)]);
  const shown = group?.suggestions.filter(({ about }) => abouts.includes(about)) ?? [];
  return (
    <fieldset aria-label={t('Suggestions')} className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-1.5">
        <Icon name="spark" className="text-mark" />
        {abouts.map((about) => (
          <button
            key={about}
            type="button"
            disabled={shown.some((one) => one.about === about && one.status === 'asked')}
            onClick={() => void suggestions.ask(about, of)}
            className="rounded-[5px] border border-edge px-2 py-0.5 text-small hover:bg-hover disabled:opacity-40"
          >
            {suggestionWords[about].ask()}
          </button>
        ))}
      </div>
      {group?.error === undefined ? null : <Problem error={group.error} />}
      <ul aria-live="polite" className="flex flex-col gap-2 empty:hidden">
        {shown.map((suggestion) => (
          <li key={suggestion.id}>
            <SuggestionCard suggestion={suggestion} onAccepted={onAccepted} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
