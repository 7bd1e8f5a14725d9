import { memo, useLayoutEffect, useRef, useState } from 'react';
import type { Block } from '../../../protocol/transcript.ts';
import { Problem } from '../../components/Problem.tsx';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { t } from '../../words.ts';
import { BlockView } from './BlockView.tsx';
import { headOf } from './eventWords.ts';
import { useLiveLog } from './useLiveLog.ts';

/** Blocks in the page at first, and how many more each time that older ones are asked for. */
const SOME = 200;
/** Pixels from the end at which somebody still reads at the end. */
const NEAR_END = 40;

/** What happens in a task, as it happens. Who reads at the end stays there; who reads further up is left in peace. */
export const Stream = memo(({ taskId }: { readonly taskId: string }) => {
  const { blocks, state, problem, catchUp } = useLiveLog(taskId);
  const scroller = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(SOME);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    const box = scroller.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each picture of the blocks
  useLayoutEffect(() => {
    if (atEnd) toEnd();
  }, [blocks, atEnd]);
  const onScroll = () => {
    const box = scroller.current;
    if (box !== null) setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END);
  };
  const older = Math.max(0, blocks.length - shown);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <p role="status" className="sr-only">
        {state === 'live' ? saidLast(blocks) : ''}
      </p>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('What happens in the task')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-3"
      >
        {state === 'loading' ? <Spinner label={t('What happened is being loaded')} /> : null}
        {older > 0 ? (
          <Button onPress={() => setShown(shown + SOME)}>{t('Show what was before ({0})', older)}</Button>
        ) : null}
        <div className="flex max-w-4xl flex-col gap-3">
          {blocks.slice(older).map((block, index, all) => (
            <BlockView key={block.seq} block={block} isLast={index === all.length - 1} />
          ))}
        </div>
        {problem === undefined ? null : (
          <Problem error={problem} actions={<Button onPress={catchUp}>{t('Try again')}</Button>} />
        )}
      </div>
      {atEnd ? null : (
        <div className="absolute right-4 bottom-3">
          <Button onPress={toEnd}>{t('To the end')}</Button>
        </div>
      )}
    </div>
  );
});

/** The last thing that is finished, in a line: what streams is not read aloud letter by letter. */
function saidLast(blocks: readonly Block[]): string {
  const last = blocks.findLast((block) => block.type === 'event' || block.usage !== undefined);
  return last === undefined ? '' : headOf(last);
}
