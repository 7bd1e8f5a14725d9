import { useItems } from '../../stores/hub.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';
import { type SidePanel, sidePanels } from './planPlace.ts';
import { deedWord } from './planWords.ts';

const panels = {
  tonight: { icon: 'night', label: () => t('What fits tonight') },
  weeks: { icon: 'schedules', label: () => t('Capacity of the weeks') },
  progress: { icon: 'chart', label: () => t('Progress') },
  export: { icon: 'open', label: () => t('Export the plan') },
} as const satisfies Record<SidePanel, object>;

/** Undo, redo, and what can be shown beside the plan. */
export function PlanActions() {
  const { panel, show, turn } = usePlan();
  const { undo, redo } = useItems(({ history }) => history);
  return (
    <div role="toolbar" aria-label={t('Plan')} className="flex items-center gap-0.5">
      <IconButton
        icon="undo"
        label={undo === null ? t('Undo') : t('Undo: {0}', deedWord(undo))}
        disabled={undo === null}
        onPress={() => turn('undo')}
      />
      <IconButton
        icon="redo"
        label={redo === null ? t('Redo') : t('Redo: {0}', deedWord(redo))}
        disabled={redo === null}
        onPress={() => turn('redo')}
      />
      <span aria-hidden="true" className="mx-1 h-4 border-edge border-l" />
      {sidePanels.map((name) => (
        <IconButton
          key={name}
          icon={panels[name].icon}
          label={panels[name].label()}
          pressed={panel?.name === name}
          onPress={() => show(panel?.name === name ? undefined : { name })}
        />
      ))}
    </div>
  );
}
