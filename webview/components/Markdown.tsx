import { type ComponentPropsWithoutRef, memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useHub } from '../stores/hub.ts';
import { Icon } from '../ui/Icon.tsx';
import { t } from '../words.ts';
import { safeAddress } from './safeAddress.ts';

export interface MarkdownProps {
  readonly text: string;
  /** For a link that leads to no other program, such as to a note: called with its address. Without it such links are plain text. */
  readonly onLink?: ((address: string) => void) | undefined;
}

/** Characters past which it is shown as it is written: making a page of it would hold up everything else. */
const MOST = 200_000;

/**
 * Markdown of models and people, inert: HTML in it is text, pictures are named and not loaded, and links are followed only when
 * they are clicked, to schemes that are known.
 */
export const Markdown = memo(function Markdown({ text, onLink }: MarkdownProps) {
  const { home } = useHub();
  if (text.length > MOST) return <pre className="whitespace-pre-wrap break-words font-mono">{text}</pre>;
  const components: Components = {
    a: ({ href = '', children }) => {
      const outside = safeAddress(href);
      const follow = outside === undefined ? onLink && (() => onLink(href)) : () => home.openOutside(outside);
      if (follow === undefined) return <span>{children}</span>;
      return (
        <a
          href={outside ?? '#'}
          title={href}
          onClick={(event) => {
            event.preventDefault();
            follow();
          }}
        >
          {children}
        </a>
      );
    },
    img: ({ alt }) => (
      <span className="inline-flex items-center gap-1 text-muted">
        <Icon name="open" />
        {alt === undefined || alt === '' ? t('a picture, which is not loaded') : t('a picture: {0}', alt)}
      </span>
    ),
    input: Box,
  };
  return (
    <div className="markdown">
      <ReactMarkdown remarkPlugins={[remarkGfm]} urlTransform={(address) => address} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

/** A box of a list: it shows, and is not clicked. */
const Box = ({ checked = false }: ComponentPropsWithoutRef<'input'>) => (
  <span role="img" aria-label={checked ? t('done') : t('open')} className="mr-1.5 inline-flex align-[-3px]">
    <Icon name={checked ? 'done' : 'circle'} className={checked ? 'text-good' : 'text-muted'} />
  </span>
);
