import { useId } from 'react';

export interface DateFieldProps {
  readonly label: string;
  /** As `2027-01-31`; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly min?: string | undefined;
}

/** A day of the calendar. The browser's own control: it knows the person's calendar, and the toolkit has none. */
export function DateField({ label, value, onChange, min }: DateFieldProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={value}
        min={min}
        max="9999-12-31"
        onChange={({ target }) => onChange(target.value)}
        className="h-[26px] w-full min-w-0 border border-field-edge bg-field px-2 text-field-ink outline-none focus:border-focus"
      />
    </div>
  );
}
