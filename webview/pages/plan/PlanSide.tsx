import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '../../ui/IconButton.tsx';
import { t } from '../../words.ts';
import { ExportPanel } from './ExportPanel.tsx';
import { ItemPanel } from './ItemPanel.tsx';
import { ProgressPanel } from './ProgressPanel.tsx';
import { usePlan } from './planContext.ts';
import type { Panel } from './planPlace.ts';
import { TonightPanel } from './TonightPanel.tsx';
import { WeeksPanel } from './WeeksPanel.tsx';

const titles: Readonly<Record<Panel['name'], () => string>> = {
  item: () => t('Item'),
  tonight: () => t('What fits tonight'),
  weeks: () => t('Capacity of the weeks'),
  progress: () => t('Progress'),
  export: () => t('Export the plan'),
};

/** What stands beside the plan, or in its place where there is little room. Escape closes it. */
export function PlanSide({ panel }: { readonly panel: Panel }) {
  const { show } = usePlan();
  const side = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const { name } = panel;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another panel is shown
  useEffect(() => {
    cameFrom.current = document.activeElement;
    side.current?.focus();
  }, [name]);
  const close = () => {
    show(undefined);
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
  };
  return (
    <aside
      ref={side}
      tabIndex={-1}
      aria-label={titles[name]()}
      className="flex min-h-0 w-full shrink-0 flex-col bg-side outline-none wide:w-88 wide:border-edge wide:border-l"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="flex shrink-0 items-center justify-between gap-2 border-edge border-b px-4 py-1">
        <h2 className="font-semibold">{titles[name]()}</h2>
        <IconButton icon="close" label={t('Close')} onPress={close} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">{content(panel)}</div>
    </aside>
  );
}

function content(panel: Panel): ReactNode {
  switch (panel.name) {
    case 'item':
      return <ItemPanel key={panel.item} item={panel.item} />;
    case 'tonight':
      return <TonightPanel />;
    case 'weeks':
      return <WeeksPanel />;
    case 'progress':
      return <ProgressPanel />;
    case 'export':
      return <ExportPanel />;
  }
}
