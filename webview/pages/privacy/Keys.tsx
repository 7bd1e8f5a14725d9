import type { KeptKey, Privacy } from '../../../protocol/privacy.ts';
import { Section } from '../../components/Section.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';

/** Where the keys are, and what that means. */
export function Keys({ privacy }: { readonly privacy: Privacy }) {
  return (
    <Section
      title={t('Keys')}
      detail={t(
        'Databases and indexes are encrypted ({0}). Without its key a file is noise, also for you.',
        privacy.cipher,
      )}
    >
      <ul aria-label={t('Keys')} className="m-0 flex list-none flex-col gap-1.5 p-0">
        {privacy.keys.map((key) => (
          <li key={key.of} className="flex items-start gap-2">
            <Icon
              name={key.store === 'file' ? 'warning' : 'privacy'}
              className={`mt-0.5 ${key.store === 'file' ? 'text-warning' : 'text-good'}`}
            />
            <KeyText of={key} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function KeyText({ of: key }: { readonly of: KeptKey }) {
  const what = key.of === 'workspace' ? t('The key of this folder’s database') : t('The key of the list of models');
  if (key.store === 'keyring') return <p>{t('{0} is in the keyring of the system.', what)}</p>;
  if (key.store === 'passphrase')
    return <p>{t('{0} is made of your passphrase: nothing on the disk opens it.', what)}</p>;
  return (
    <p className="min-w-0">
      {t(
        '{0} is in a file: whoever can read your files can read it. With a keyring on this machine it would be there.',
        what,
      )}{' '}
      <span className="break-all font-mono text-muted text-small">{key.file}</span>
    </p>
  );
}
