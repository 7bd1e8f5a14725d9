import { useMemo, useState } from 'react';
import { LiveView } from '../../components/LiveView.tsx';
import { useHub, useItems } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';

type Format = 'markdown' | 'icalendar';

/** The plan as text for other programs: to copy, or as a file where there is a browser to save it. */
export function ExportPanel() {
  const { client, home } = useHub();
  const { announce } = usePlan();
  const [format, setFormat] = useState<Format>('markdown');
  const version = useItems((state) => state.version);
  const source = useMemo(() => ({ load: () => client.request('horizon/export', { format }) }), [client, format]);
  const live = useLive(source, String(version));
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => announce(t('Copied.')),
      () => announce(t('It could not be copied: select the text instead.')),
    );
  return (
    <>
      <Dropdown
        label={t('Format')}
        value={format}
        options={[
          { value: 'markdown', text: t('Markdown: all items as boxes') },
          { value: 'icalendar', text: t('iCalendar: what has a date') },
        ]}
        onChange={setFormat}
      />
      <LiveView live={live} loading={t('The plan is being written')}>
        {({ text, fileName, mediaType }) => (
          <>
            <div className="flex gap-2">
              <Button look="primary" onPress={() => copy(text)}>
                {t('Copy')}
              </Button>
              {home.kind === 'browser' ? (
                <Button onPress={() => save(text, fileName, mediaType)}>{t('Save as {0}', fileName)}</Button>
              ) : null}
            </div>
            <textarea
              readOnly
              aria-label={t('The plan as text')}
              value={text}
              className="min-h-60 flex-1 resize-none border border-edge bg-code p-2 font-mono text-small outline-none focus:border-focus"
            />
          </>
        )}
      </LiveView>
    </>
  );
}

function save(text: string, fileName: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
