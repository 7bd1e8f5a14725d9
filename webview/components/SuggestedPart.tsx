import { lazy, Suspense } from 'react';
import type { Suggestion, SuggestionPart } from '../../protocol/suggestions.ts';
import { useHub } from '../stores/hub.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Link } from '../ui/Link.tsx';
import { t } from '../words.ts';
import { horizonWord } from './horizonWord.ts';

// A chunk of its own: of all suggestions, a review alone is more than a line.
const Markdown = lazy(async () => ({ default: (await import('./Markdown.tsx')).Markdown }));

const looks = { open: '', accepted: 'text-muted', dismissed: 'text-muted line-through' } as const;

export interface SuggestedPartProps {
  readonly about: Suggestion['about'];
  readonly part: SuggestionPart;
  /** Missing where nothing can be decided about it alone. */
  readonly onAccept?: (() => void) | undefined;
  readonly onDismiss?: (() => void) | undefined;
}

/** One thing of a suggestion, with its own reason and, among others, its own buttons. */
export function SuggestedPart({ about, part, onAccept, onDismiss }: SuggestedPartProps) {
  const { reason, status, line } = part;
  const name = line ?? (about === 'horizon' ? horizonWord(part.text) : part.text);
  return (
    <li className={`flex min-w-0 items-start gap-1 py-0.5 ${looks[status]}`}>
      <div className="min-w-0 flex-1 break-words">
        <Said about={about} part={part} />
        {reason === null ? null : <p className="text-small text-muted">{reason}</p>}
      </div>
      {status === 'accepted' ? <Icon name="check" className="m-1 text-good" /> : null}
      {onAccept === undefined ? null : <IconButton icon="check" label={t('Accept {0}', name)} onPress={onAccept} />}
      {onDismiss === undefined ? null : <IconButton icon="close" label={t('Dismiss {0}', name)} onPress={onDismiss} />}
    </li>
  );
}

function Said({ about, part: { text, line } }: Pick<SuggestedPartProps, 'about' | 'part'>) {
  const { place } = useHub();
  if (about === 'tags') return <span>#{text}</span>;
  if (about === 'related') return <Link onPress={() => place.go(`notes/${text}`)}>{text}</Link>;
  if (about === 'review')
    return (
      <Suspense fallback={<pre className="whitespace-pre-wrap font-sans">{text}</pre>}>
        <Markdown text={text} />
      </Suspense>
    );
  const said = about === 'horizon' ? horizonWord(text) : text;
  return (
    <p>
      {line === null ? said : <span className="mr-1.5 font-semibold">{said}</span>}
      {line}
    </p>
  );
}
