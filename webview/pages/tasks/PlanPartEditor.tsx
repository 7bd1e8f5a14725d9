import type { PlanPart } from '../../../protocol/plans.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { t } from '../../words.ts';

interface PlanPartEditorProps {
  readonly part: PlanPart;
  readonly index: number;
  readonly count: number;
  /** What is likely to go wrong with it. */
  readonly warnings: readonly string[];
  readonly onText: (text: string) => void;
  readonly onAfter: (place: number) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One part of a plan that is not started yet. */
export function PlanPartEditor({ part, index, count, warnings, ...does }: PlanPartEditorProps) {
  const number = index + 1;
  const above = Array.from({ length: index }, (_, n) => n + 1);
  return (
    <li className="flex flex-col gap-1 rounded border border-edge p-2">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <TextArea
            label={t('Part {0}', number)}
            value={part.instruction}
            rows={2}
            maxLength={20_000}
            onChange={does.onText}
            error={part.instruction.trim() === '' ? t('Say what is to be done.') : undefined}
          />
        </div>
        <IconButton
          icon="up"
          label={t('Move part {0} up', number)}
          disabled={index === 0}
          onPress={() => does.onMove(-1)}
        />
        <IconButton
          icon="down"
          label={t('Move part {0} down', number)}
          disabled={number === count}
          onPress={() => does.onMove(1)}
        />
        <IconButton icon="remove" label={t('Remove part {0}', number)} onPress={does.onRemove} />
      </div>
      {above.length === 0 ? null : (
        <fieldset className="flex flex-wrap items-center gap-1 text-muted">
          <legend className="sr-only">{t('Part {0} starts after', number)}</legend>
          <span aria-hidden="true">{t('Starts after')}</span>
          {above.map((place) => (
            <button
              key={place}
              type="button"
              aria-pressed={part.after.includes(place)}
              aria-label={t('After part {0}', place)}
              onClick={() => does.onAfter(place)}
              className="min-w-6 rounded border border-edge px-1.5 tabular-nums hover:bg-hover aria-pressed:border-focus aria-pressed:bg-chosen aria-pressed:text-chosen-ink"
            >
              {place}
            </button>
          ))}
        </fieldset>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="text-warning">
          {warning}
        </p>
      ))}
    </li>
  );
}
