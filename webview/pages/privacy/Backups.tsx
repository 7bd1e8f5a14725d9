import { useState } from 'react';
import { formatBytes } from '../../../protocol/quantities.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { plural, t } from '../../words.ts';

/** Copies of the folder's database: written, and put back in its place. */
export function Backups({ onChange }: { readonly onChange: () => void }) {
  const { home } = useHub();
  const run = home.run;
  return (
    <Section
      title={t('Backups')}
      detail={t(
        'A backup is encrypted with the same key: keep a copy of the key too, or it is of no use on another machine.',
      )}
    >
      {run === undefined ? (
        <ByPath onChange={onChange} />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button onPress={() => run('ospain2.backup.create')}>{t('Back up…')}</Button>
          <Button onPress={() => run('ospain2.backup.restore')}>{t('Restore…')}</Button>
        </div>
      )}
    </Section>
  );
}

/** A browser knows nothing of the server's disk: the person writes where the file is. */
function ByPath({ onChange }: { readonly onChange: () => void }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [path, setPath] = useState('');
  const [asks, setAsks] = useState<'restore' | 'export'>();
  const [said, setSaid] = useState('');
  const file = path.trim();
  const act = async (work: () => Promise<string>) => {
    setAsks(undefined);
    setSaid('');
    if (await run('backup', async () => setSaid(await work()))) onChange();
  };
  const create = async () => {
    const { bytes, tasks } = await client.request('backup/create', { path: file });
    return plural('Written: {0} task, {1}.|Written: {0} tasks, {1}.', tasks, formatBytes(bytes));
  };
  const restore = async () => {
    const { tasks, kept, paused } = await client.request('backup/restore', { path: file });
    const then = paused ? ` ${t('The queue is paused: tasks that wait in it may have run since.')}` : '';
    return `${plural('Restored: {0} task.|Restored: {0} tasks.', tasks)} ${t('What was there is kept in {0}.', kept)}${then}`;
  };
  const write = async () => {
    const { bytes } = await client.request('backup/export', { path: file, confirm: 'plain text' });
    return t('Written: {0}.', formatBytes(bytes));
  };
  const isReady = file !== '' && running === undefined;
  return (
    <>
      <div className="grid max-w-3xl grid-cols-1 items-end gap-2 narrow:grid-cols-[1fr_auto]">
        <TextField
          label={t('Absolute path of the file')}
          value={path}
          placeholder="/media/stick/ospain2.db"
          onChange={setPath}
        />
        <div className="flex flex-wrap gap-2">
          <Button disabled={!isReady} onPress={() => void act(create)}>
            {t('Back up')}
          </Button>
          <Button disabled={!isReady} onPress={() => setAsks('restore')}>
            {t('Restore')}
          </Button>
          <Button disabled={!isReady} onPress={() => setAsks('export')}>
            {t('Export as plain text')}
          </Button>
        </div>
      </div>
      {asks === 'restore' ? (
        <Confirm
          question={t('Put this backup in the database’s place?')}
          yes={t('Restore')}
          onYes={() => void act(restore)}
          onNo={() => setAsks(undefined)}
        >
          <p className="text-muted">{t('What is there now is kept beside it. Tasks that run are given back first.')}</p>
        </Confirm>
      ) : null}
      {asks === 'export' ? (
        <Confirm
          question={t('Write everything as plain text?')}
          yes={t('Export')}
          onYes={() => void act(write)}
          onNo={() => setAsks(undefined)}
        >
          <p className="text-muted">
            {t('The file is not encrypted: whoever can read it can read all that you wrote.')}
          </p>
        </Confirm>
      ) : null}
      <p role="status" className="break-words">
        {running === undefined ? said : t('At work …')}
      </p>
      {error === undefined ? null : <Problem error={error} />}
    </>
  );
}
