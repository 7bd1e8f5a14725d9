import { useState } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { mentionsOf } from './mention.ts';

const MOST = 8;

/** Looks in the workspace for what an instruction is to point to, and puts it there. */
export function Mentions({ onMention }: { readonly onMention: (mention: string) => void }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly string[]>();
  const look = () => {
    if (query.trim() === '') return;
    void run('look', async () => {
      const { matches } = await client.request('codeIndex/search', { query: query.trim(), limit: MOST });
      setFound(mentionsOf(matches));
    });
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={t('Point to code: a name, or what it is about')}
            value={query}
            maxLength={2000}
            onChange={setQuery}
            onEnter={look}
          />
        </div>
        <Button disabled={running !== undefined || query.trim() === ''} onPress={look}>
          {t('Find')}
        </Button>
      </div>
      <div role="status">
        {found === undefined ? null : found.length === 0 ? (
          <p className="text-muted">{t('Nothing was found.')}</p>
        ) : (
          <ul className="flex flex-wrap gap-1.5">
            {found.map((mention) => (
              <li key={mention}>
                <button
                  type="button"
                  onClick={() => onMention(mention)}
                  className="rounded border border-edge px-1.5 py-0.5 font-mono text-small hover:bg-hover"
                >
                  {mention}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}
