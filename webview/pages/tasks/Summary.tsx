import { formatTime } from '../../../protocol/quantities.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { Facts } from '../../components/Facts.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useHub } from '../../stores/hub.ts';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { autoAcceptWord } from './autoAcceptWords.ts';
import { CodeBox } from './CodeBox.tsx';
import { kindWord } from './kindWords.ts';

/** Everything that is known of a task, and what was asked, whole. */
export function Summary({ task }: { readonly task: Task }) {
  const { place } = useHub();
  const link = (id: string | null, text: string) =>
    id === null ? null : <Link onPress={() => place.go(`tasks/${id}`)}>{text}</Link>;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      <section aria-label={t('What was asked')}>
        <p className="max-w-4xl whitespace-pre-wrap break-words">{task.instruction}</p>
      </section>
      {task.context === null ? null : (
        <section aria-label={t('What it is about')} className="max-w-4xl">
          <p className="text-muted">{t('About {0}', task.context.path)}</p>
          {task.context.text === undefined ? null : <CodeBox label={t('The selection')}>{task.context.text}</CodeBox>}
        </section>
      )}
      <Facts
        facts={[
          { name: t('Kind'), value: kindWord(task.kind) },
          { name: t('Model'), value: task.model },
          { name: t('Without a question'), value: autoAcceptWord(task.autoAccept) },
          { name: t('Attempts'), value: t('{0} of {1}', task.attempts, task.maxAttempts) },
          { name: t('Part of'), value: link(task.parentId, t('another task')) },
          { name: t('Goes on from'), value: link(task.continues, t('an earlier task')) },
          { name: t('Not before'), value: task.notBefore === 0 ? null : formatTime(task.notBefore) },
          { name: t('Submitted'), value: <RelativeTime at={task.createdAt} /> },
          { name: t('Changed'), value: <RelativeTime at={task.updatedAt} /> },
          { name: t('Id'), value: <code>{task.id}</code> },
        ]}
      />
    </div>
  );
}
