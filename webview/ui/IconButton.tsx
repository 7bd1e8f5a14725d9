import { Icon, type IconName } from './Icon.tsx';

export interface IconButtonProps {
  readonly icon: IconName;
  /** Said by screen readers, and shown when the pointer rests on it. */
  readonly label: string;
  readonly onPress: () => void;
  readonly disabled?: boolean | undefined;
  /** For a switch: whether it is on. */
  readonly pressed?: boolean | undefined;
}

/** A small action beside what it is about. Plain HTML: there may be one in each row of a long list. */
export function IconButton({ icon, label, onPress, disabled, pressed }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled}
      onClick={onPress}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-[5px] text-ink hover:bg-hover disabled:opacity-40 aria-pressed:bg-chosen aria-pressed:text-chosen-ink hc:border hc:border-transparent hc:hover:border-focus"
    >
      <Icon name={icon} />
    </button>
  );
}
