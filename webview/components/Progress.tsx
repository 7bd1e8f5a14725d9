export interface ProgressProps {
  /** Said by screen readers. */
  readonly label: string;
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
}

/** How far something has come. */
export function Progress({ label, done, total }: ProgressProps) {
  const percent = total === null ? undefined : Math.min(100, Math.floor((100 * done) / Math.max(total, 1)));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1 overflow-hidden rounded-full bg-code hc:outline hc:outline-edge"
    >
      <div
        className={`h-full bg-busy ${percent === undefined ? 'w-1/4 motion:animate-pulse' : ''}`}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
