import { useState } from 'react';
import type { Suggestion } from '../../protocol/suggestions.ts';
import { useHub } from '../stores/hub.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { t } from '../words.ts';
import { SuggestedPart } from './SuggestedPart.tsx';
import { suggestionWords } from './suggestionWords.ts';

export interface SuggestionCardProps {
  readonly suggestion: Suggestion;
  readonly onAccepted?: (() => void) | undefined;
}

/** One suggestion: what it says, why, and what the person does with it. */
export function SuggestionCard({ suggestion, onAccepted }: SuggestionCardProps) {
  const { suggestions } = useHub();
  const [busy, setBusy] = useState(false);
  const { about, status, parts, reason, model, stale, error } = suggestion;
  const words = suggestionWords[about];
  const several = parts.length > 1;
  const accept = async (some?: number[]) => {
    setBusy(true);
    // Only the button that says so is there while it is stale.
    const done = await suggestions.accept(suggestion, { ...(some && { parts: some }), anyway: stale });
    setBusy(false);
    if (done) onAccepted?.();
  };
  const again = () => void suggestions.ask(about, suggestion.of);
  return (
    <article
      aria-label={words.title()}
      className="flex flex-col gap-1.5 rounded-[5px] border border-edge bg-raised px-3 py-2"
    >
      <header className="flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate font-semibold">{words.title()}</p>
        {status === 'open' || status === 'asked' ? (
          <IconButton icon="close" label={t('Dismiss')} onPress={() => void suggestions.dismiss(suggestion)} />
        ) : (
          <IconButton icon="close" label={t('Close')} onPress={() => suggestions.hide(suggestion)} />
        )}
      </header>
      {status === 'asked' ? <Asked /> : null}
      {error === null ? null : (
        <p>
          {error.message} <span className="text-muted">{error.hint}</span>
        </p>
      )}
      {parts.length === 0 ? null : (
        <ul className="flex flex-col gap-0.5">
          {parts.map((part, index) => (
            <SuggestedPart
              // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their places
              key={index}
              {...{ about, part }}
              onAccept={part.status === 'open' && several && !stale && !busy ? () => void accept([index]) : undefined}
              onDismiss={
                part.status === 'open' && several ? () => void suggestions.dismiss(suggestion, [index]) : undefined
              }
            />
          ))}
        </ul>
      )}
      {reason === '' ? null : (
        <p className="text-small text-muted">
          {reason} {model === null ? t('Made without a model.') : t('Made by {0}.', model)}
        </p>
      )}
      {stale ? (
        <p className="flex items-center gap-1.5 text-small text-warning">
          <Icon name="warning" />
          {t('What it was made of has changed since.')}
        </p>
      ) : null}
      {status === 'open' ? (
        <div className="flex flex-wrap gap-2">
          <Button disabled={busy} onPress={() => void accept()}>
            {stale ? t('Accept anyway') : several || about === 'review' ? words.accept() : t('Take it')}
          </Button>
          {stale ? <Button onPress={again}>{t('Ask again')}</Button> : null}
        </div>
      ) : null}
      {status === 'failed' ? (
        <div>
          <Button onPress={again}>{t('Ask again')}</Button>
        </div>
      ) : null}
    </article>
  );
}

const Asked = () => (
  <p className="flex items-center gap-2 text-muted">
    <Spinner label={t('A model is thinking of a suggestion')} />
    <span aria-hidden="true">{t('A model is thinking of a suggestion')}</span>
  </p>
);
