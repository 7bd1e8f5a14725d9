import { useEffect, useState } from 'react';
import type { ImportMode } from '../../../protocol/models.ts';
import { Problem } from '../../components/Problem.tsx';
import { Progress } from '../../components/Progress.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { refOf } from './modelSources.ts';

/** Takes a file of this machine into the store. */
export function ImportForm() {
  const { client, home } = useHub();
  const choose = home.run;
  const { running, error, run } = useAction();
  const [path, setPath] = useState('');
  const [how, setHow] = useState<ImportMode>('copy');
  const [said, setSaid] = useState('');
  const progress = useProgress(running);
  const start = () =>
    run(crypto.randomUUID(), async () => {
      setSaid('');
      const requestId = crypto.randomUUID();
      progress.follow(requestId);
      const { model, existed } = await client.request('model/import', { requestId, path: path.trim(), how });
      setPath('');
      setSaid(existed ? t('{0} was there already.', refOf(model)) : t('{0} is imported.', refOf(model)));
    });
  const isReady = running === undefined && path.trim() !== '';
  const options = [
    { value: 'copy', text: t('copy it') },
    { value: 'move', text: t('move it') },
    { value: 'link', text: t('share it, where the disk can') },
  ] as const;
  return (
    <Section
      title={t('Import a file')}
      detail={t('A model file on this machine; any part of a split one names it.')}
      actions={
        choose === undefined ? undefined : (
          <Button onPress={() => choose('ospain2.model.import')}>{t('Choose files…')}</Button>
        )
      }
    >
      <div className="grid max-w-3xl grid-cols-1 items-end gap-2 narrow:grid-cols-[1fr_14rem_auto]">
        <TextField
          label={t('Absolute path')}
          value={path}
          placeholder="/home/me/models/model.gguf"
          onChange={setPath}
          onEnter={() => isReady && void start()}
        />
        <Dropdown label={t('How')} value={how} options={options} onChange={setHow} />
        <Button disabled={!isReady} onPress={() => void start()}>
          {t('Import')}
        </Button>
      </div>
      {running === undefined ? null : <Progress label={t('Import')} done={progress.done} total={progress.total} />}
      <p role="status">{said}</p>
      {error === undefined ? null : <Problem error={error} />}
    </Section>
  );
}

/** How far the request has come that reads or writes large files. */
function useProgress(running: string | undefined) {
  const { client } = useHub();
  const [requestId, follow] = useState<string>();
  const [{ done, total }, setProgress] = useState<{ done: number; total: number | null }>({ done: 0, total: null });
  useEffect(() => {
    if (running === undefined) return setProgress({ done: 0, total: null });
    return client.on('model/didProgress', (told) => {
      if (told.requestId === requestId) setProgress(told);
    });
  }, [client, running, requestId]);
  return { done, total, follow };
}
