import { memo, type ReactNode, useState } from 'react';
import type { Hunk } from '../../../protocol/proposals.ts';
import { plural, t } from '../../words.ts';
import type { DiffLine, DiffPart } from './diffParts.ts';

interface DiffViewProps {
  readonly parts: readonly DiffPart[];
  /** Said by screen readers. */
  readonly label: string;
  /** What stands above a hunk. */
  readonly actions: (hunk: Hunk, index: number, all: number) => ReactNode;
}

/** Lines of one part that are in the page at once; the others come when somebody asks. */
const MOST = 400;

/** Both sides of a file below each other, as a table: a line's numbers, its mark and its text. */
export function DiffView({ parts, label, actions }: DiffViewProps) {
  const hunks = parts.flatMap((part) => (part.type === 'hunk' ? [part.hunk] : []));
  return (
    <section
      aria-label={t('Changes of {0}', label)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      className="overflow-x-auto"
    >
      {parts.map((part) => {
        const at = part.lines[0];
        const key = part.type === 'hunk' ? part.hunk.id : `${part.type} ${at?.before}`;
        if (part.type !== 'hunk') return <Plain key={key} part={part} />;
        const index = hunks.indexOf(part.hunk);
        return (
          <div key={key} className="border-transparent border-l-2 focus-within:border-focus">
            <div className="sticky left-0 px-3 py-1 empty:hidden">{actions(part.hunk, index, hunks.length)}</div>
            <Lines lines={part.lines} />
          </div>
        );
      })}
    </section>
  );
}

function Plain({ part }: { readonly part: Exclude<DiffPart, { type: 'hunk' }> }) {
  const [isOpen, setOpen] = useState(part.type === 'same');
  if (isOpen) return <Lines lines={part.lines} />;
  return (
    <button
      type="button"
      onClick={() => setOpen(true)}
      className="sticky left-0 w-full bg-raised px-3 py-0.5 text-left text-muted text-small hover:text-ink"
    >
      {plural('{0} line as it was|{0} lines as they were', part.lines.length)}
    </button>
  );
}

const Lines = memo(({ lines }: { readonly lines: readonly DiffLine[] }) => {
  const [most, setMost] = useState(MOST);
  return (
    <>
      <table className="w-full border-collapse font-mono [content-visibility:auto]">
        <tbody>
          {lines.slice(0, most).map((line) => (
            <Line key={`${line.before} ${line.after}`} line={line} />
          ))}
        </tbody>
      </table>
      {lines.length > most ? (
        <button
          type="button"
          onClick={() => setMost(lines.length)}
          className="sticky left-0 px-3 py-1 text-left text-link hover:underline"
        >
          {plural('Show {0} line|Show all {0} lines', lines.length)}
        </button>
      ) : null}
    </>
  );
});

const looks: Readonly<Record<DiffLine['mark'], string>> = { ' ': '', '-': 'bg-removed', '+': 'bg-added' };

function Line({ line: { mark, text, before, after, unended } }: { readonly line: DiffLine }) {
  const number = `w-10 select-none pr-2 text-right align-top text-small tabular-nums ${mark === ' ' ? 'text-muted' : ''}`;
  const word = mark === '-' ? t('removed') : mark === '+' ? t('added') : '';
  return (
    <tr className={looks[mark]}>
      <td className={number}>{before}</td>
      <td className={number}>{after}</td>
      <td className="w-4 select-none align-top">
        <span aria-hidden="true">{mark}</span>
        <span className="sr-only">{word}</span>
      </td>
      <td className="whitespace-pre pr-3">
        {text}
        {unended ? <span className="pl-3 font-sans text-small italic">{t('no line end')}</span> : null}
      </td>
    </tr>
  );
}
