import type { Api } from '../../../protocol/api.ts';
import type { Trust } from '../../../protocol/server.ts';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';

interface ReachProps {
  readonly trust: Trust;
  readonly api: Api | null;
  readonly onChange: () => void;
}

/** Who can ask the server, and what tasks may do in this folder. */
export function Reach({ trust, api, onChange }: ReachProps) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const set = (next: Trust) => run(next, () => client.request('server/trust', { trust: next })).then(onChange);
  const isUntrusted = trust === 'untrusted';
  return (
    <Section title={t('Who may do what')}>
      <p>{apiText(api)}</p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-72">{trustText(trust)}</p>
        <Button disabled={running !== undefined} onPress={() => void set(isUntrusted ? 'trusted' : 'untrusted')}>
          {isUntrusted ? t('I trust this folder') : t('Let tasks only read here')}
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </Section>
  );
}

function apiText(api: Api | null): string {
  if (api === null) return t('No other program can ask this server: no port is open.');
  if (api.lan)
    return t(
      'Programs of this and other machines can ask this server at {0}, with the token in {1}.',
      api.addresses.join(', '),
      api.tokenFile,
    );
  return t('Programs of this machine can ask this server at {0}, with the token in {1}.', api.url, api.tokenFile);
}

function trustText(trust: Trust): string {
  if (trust === 'untrusted') return t('You do not trust this folder: tasks only read in it.');
  const said =
    trust === 'trusted' ? t('You trust this folder') : t('Nobody said that this folder is not to be trusted');
  return t('{0}: tasks may propose edits, and run what rules and you allow.', said);
}
