import { useState } from 'react';
import type { Suggestion, SuggestionPart } from '../../protocol/suggestions.ts';
import { useHub } from '../stores/hub.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { t } from '../words.ts';
import { horizonWord } from './horizonWord.ts';
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
  const accept = async (part?: number) => {
    setBusy(true);
    const done = await suggestions.accept(suggestion, {
      ...(part === undefined ? {} : { parts: [part] }),
      anyway: stale,
    });
    setBusy(false);
    if (done) onAccepted?.();
  };
  const again = () => void suggestions.ask(about, suggestion.of);
  return (
    <article className="flex flex-col gap-1.5 rounded-[5px] border border-edge bg-raised px-3 py-2">
      <header className="flex items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate font-semibold">{words.title()}</h3>
        {status === 'open' || status === 'asked' ? (
          <IconButton icon="close" label={t('Dismiss')} onPress={() => void suggestions.dismiss(suggestion)} />
        ) : (
          <IconButton icon="close" label={t('Close')} onPress={() => suggestions.hide(suggestion)} />
        )}
      </header>
      {status === 'asked' ? <Asked /> : null}
      {error === null ? null : <p className="text-danger">{error.message}</p>}
      {parts.length === 0 ? null : (
        <ul className={about === 'tags' ? 'flex flex-wrap gap-1.5' : 'flex flex-col gap-0.5'}>
          {parts.map((part, index) => (
            <Part
              // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their places
              key={index}
              {...{ about, part, busy, alone: parts.length === 1 }}
              onAccept={() => void accept(index)}
              onDismiss={() => void suggestions.dismiss(suggestion, [index])}
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
            {stale ? t('Accept anyway') : words.accept()}
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

interface PartProps {
  readonly about: Suggestion['about'];
  readonly part: SuggestionPart;
  readonly busy: boolean;
  /** The buttons of the whole are enough. */
  readonly alone: boolean;
  readonly onAccept: () => void;
  readonly onDismiss: () => void;
}

function Part({ about, part, busy, alone, onAccept, onDismiss }: PartProps) {
  const { text, line, reason, status } = part;
  const shown = about === 'horizon' ? horizonWord(text) : text;
  return (
    <li
      title={reason ?? undefined}
      className={`flex min-w-0 items-center gap-1 ${about === 'tags' ? 'rounded-[5px] border border-edge pl-2' : ''} ${status === 'open' ? '' : 'text-muted line-through'}`}
    >
      <span className={about === 'review' ? 'whitespace-pre-wrap break-words' : 'min-w-0 break-words'}>
        {about === 'tags' ? `#${text}` : shown}
        {line === null ? null : <span className="text-muted"> {line}</span>}
        {reason === null ? null : (
          <span className={about === 'tags' ? 'sr-only' : 'block text-small text-muted'}>{reason}</span>
        )}
      </span>
      {alone || status !== 'open' ? null : (
        <span className="ml-auto inline-flex shrink-0">
          <IconButton icon="check" label={t('Accept {0}', shown)} disabled={busy} onPress={onAccept} />
          <IconButton icon="close" label={t('Dismiss {0}', shown)} disabled={busy} onPress={onDismiss} />
        </span>
      )}
    </li>
  );
}
