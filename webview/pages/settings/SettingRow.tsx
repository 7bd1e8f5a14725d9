import type { Setting } from '../../../protocol/server.ts';
import { useHub } from '../../stores/hub.ts';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { settingWord, valueText } from './settingWords.ts';

const origins: Readonly<Record<Setting['origin'], () => string>> = {
  default: () => t('default'),
  editor: () => t('from the editor’s settings'),
  environment: () => t('from the environment'),
  program: () => t('from the program that started it'),
};

/** One setting: what it is, and who chose it. */
export function SettingRow({ setting }: { readonly setting: Setting }) {
  const { home } = useHub();
  const { name, value, origin } = setting;
  const { title, editorId } = settingWord(name);
  const run = home.run;
  const isChosen = origin !== 'default';
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-edge border-b py-1.5">
      <div className="min-w-0 flex-1 basis-64">
        <div>{title}</div>
        <div className="font-mono text-muted text-small">{name}</div>
      </div>
      <div className={`min-w-0 basis-40 break-all ${isChosen ? 'font-semibold' : ''}`}>{valueText(value)}</div>
      <div className="basis-48 text-muted">
        {origins[origin]()}
        {isChosen ? ` (${t('default: {0}', valueText(setting.default))})` : ''}
      </div>
      <div className="basis-16 text-right">
        {run === undefined || editorId === undefined ? null : (
          <Link onPress={() => run('workbench.action.openSettings', `@id:ospain2.${editorId}`)}>
            {t('Change')} <span className="sr-only">{title}</span>
          </Link>
        )}
      </div>
    </div>
  );
}
