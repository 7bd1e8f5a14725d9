import { useState } from 'react';
import { OspainError } from '../../../protocol/errors.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';

/** Asks for the name of a new note, or with `from` for another name of one that is there. */
export function NewNote({ from, onClose }: { readonly from?: string; readonly onClose: () => void }) {
  const { client, place, toasts } = useHub();
  const [name, setName] = useState(from ?? '');
  const [error, setError] = useState<string>();
  const submit = async () => {
    const path = /\.md$/i.test(name.trim()) ? name.trim() : `${name.trim()}.md`;
    try {
      if (from === undefined) {
        const title = path.slice(path.lastIndexOf('/') + 1, -'.md'.length);
        const { note } = await client.request('note/save', { path, text: `# ${title}\n\n`, base: null });
        place.go(`notes/${note.path}`);
      } else {
        const { moved, rewritten } = await client.request('note/move', { from, to: path });
        if (rewritten.length > 0) toasts.say(t('Links to it were written anew in {0}.', rewritten.join(', ')));
        if (moved[0] !== undefined) place.go(`notes/${moved[0].path}`);
      }
      onClose();
    } catch (thrown) {
      const { code, message } = OspainError.from(thrown);
      setError(code === 'conflict' ? t('There is a note of that name already.') : message);
    }
  };
  return (
    <Dialog
      title={from === undefined ? t('New note') : t('Move note')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('Cancel')}</Button>
          <Button look="primary" disabled={name.trim() === ''} onPress={() => void submit()}>
            {from === undefined ? t('Write it') : t('Move')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('Name, with folders before it if you like')}
        placeholder={t('projects/idea')}
        value={name}
        onChange={setName}
        onEnter={() => void (name.trim() === '' ? undefined : submit())}
        error={error}
      />
    </Dialog>
  );
}
