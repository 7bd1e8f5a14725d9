import { memo, type ReactNode } from 'react';
import type { EventData } from '../../../protocol/events.ts';
import { formatCount, formatMs, formatTime } from '../../../protocol/quantities.ts';
import type { Block, PlainEvent, TurnBlock } from '../../../protocol/transcript.ts';
import { Markdown } from '../../components/Markdown.tsx';
import { plural, t } from '../../words.ts';
import { headOf } from './eventWords.ts';
import { GrowingText } from './GrowingText.tsx';

/** One thing that happened. It is drawn anew only when more is known of it, which is another block then. */
export const BlockView = memo(({ block, isLast }: { readonly block: Block; readonly isLast: boolean }) =>
  block.type === 'turn' ? <Turn turn={block} isLast={isLast} /> : <Event event={block.event} />,
);

/** Out of sight it costs nothing to lay out. */
const lazy = '[content-visibility:auto] [contain-intrinsic-size:auto_4rem]';

function Turn({ turn, isLast }: { readonly turn: TurnBlock; readonly isLast: boolean }) {
  const { text, call, result, output, usage, broken } = turn;
  const isCall = call !== undefined || text.includes('{"tool"');
  return (
    <section aria-label={headOf(turn)} className={isLast ? '' : lazy}>
      <h3 className="text-muted text-small">{headOf(turn)}</h3>
      {text.trim() === '' || broken === 'again' ? null : (
        <div className={isCall ? 'mt-1 overflow-x-auto rounded bg-code p-2 font-mono' : 'mt-1'}>
          {isCall || usage === undefined ? <GrowingText text={text.trimEnd()} /> : <Markdown text={text} />}
        </div>
      )}
      {result !== undefined ? <Result result={result} /> : output !== undefined ? <Output text={output} /> : null}
      {usage === undefined ? null : <p className="mt-1 text-muted text-small">{usageWords(turn, usage)}</p>}
    </section>
  );
}

function Result({ result: { ok, text } }: { readonly result: EventData<'result'> }) {
  const lines = text.trimEnd().split('\n');
  const [first = ''] = lines;
  const name = ok ? t('Result') : t('Did not work');
  if (lines.length === 1 && first.length < 200)
    return (
      <p className={`mt-1 break-words ${ok ? '' : 'text-danger'}`}>
        {name}: <span className="font-mono">{first}</span>
      </p>
    );
  return (
    <details className="mt-1" open={!ok}>
      <summary className={ok ? '' : 'text-danger'}>
        {plural('{1}: {0} line|{1}: {0} lines', lines.length, name)}
      </summary>
      <Code text={text} />
    </details>
  );
}

/** Lines of a running command that stay in sight: what comes next follows its end. */
const LAST_LINES = 60;

const Output = ({ text }: { readonly text: string }) => (
  <Code text={text.trimEnd().split('\n').slice(-LAST_LINES).join('\n')} />
);

const Code = ({ text }: { readonly text: string }) => (
  <div className="mt-1 max-h-96 overflow-auto rounded bg-code p-2 font-mono">
    <GrowingText text={text} />
  </div>
);

function Event({ event }: { readonly event: PlainEvent }) {
  const head = headOf({ type: 'event', seq: event.seq, event });
  if (head === '') return null;
  const body = bodyOf(event);
  const time = formatTime(event.at, { timeStyle: 'medium' });
  return (
    <section className={lazy}>
      <p className={event.type === 'failed' || event.type === 'retry' ? 'text-danger' : 'text-muted'}>
        {head} <time className="text-small">{time}</time>
      </p>
      {body === null ? null : <div className="mt-1 max-w-full break-words">{body}</div>}
    </section>
  );
}

function bodyOf(event: PlainEvent): ReactNode {
  switch (event.type) {
    case 'submitted':
      return <GrowingText text={event.data.instruction} />;
    case 'told':
      return (
        <ul>
          {event.data.sources.map(({ name, characters, leftOut }) => (
            <li key={name}>
              <code>{name}</code> {plural('{0} character|{0} characters', characters)}
              {leftOut ? ` · ${t('left out, there was no room')}` : ''}
            </li>
          ))}
        </ul>
      );
    case 'approval':
      return event.data.text === undefined ? null : <GrowingText text={event.data.text} />;
    case 'proposal':
    case 'reviewed':
      return (
        <ul>
          {event.data.files.map(({ path, added, removed }) => (
            <li key={path}>
              <code>{path}</code> +{added} −{removed}
            </li>
          ))}
        </ul>
      );
    case 'done':
      return event.data.text.trim() === '' ? null : <Markdown text={event.data.text.trim()} />;
    case 'retry':
    case 'failed':
      return event.data.error.hint ?? null;
    default:
      return null;
  }
}

function usageWords({ contextLength }: TurnBlock, usage: EventData<'turn'>['usage']): string {
  const { promptTokens, cachedTokens, generatedTokens, thoughtTokens = 0, firstTokenMs, durationMs } = usage;
  const used = promptTokens + generatedTokens - thoughtTokens;
  return [
    t('{0} tokens read, {1} of them cached', formatCount(promptTokens), formatCount(cachedTokens)),
    t('{0} written', formatCount(generatedTokens)),
    ...(thoughtTokens > 0 ? [t('{0} of them thoughts', formatCount(thoughtTokens))] : []),
    ...(contextLength === undefined ? [] : [t('context {0} of {1}', formatCount(used), formatCount(contextLength))]),
    t('first after {0}', formatMs(firstTokenMs)),
    t('{0} in all', formatMs(durationMs)),
  ].join(' · ');
}
