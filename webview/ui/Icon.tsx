/** Line drawings on a grid of 16, one pixel and a quarter wide, in the manner of VS Code's own. */
const drawings = {
  plan: ['M2.5 3.5h11v10h-11z', 'M2.5 6.5h11', 'M5 2v3M11 2v3', 'M5 9h3M5 11.3h5'],
  notes: ['M3.5 2.5h6l3 3v8h-9z', 'M9.5 2.5v3h3', 'M5.5 8h5M5.5 10.5h5'],
  tasks: ['M2.3 4.2l1.2 1.2 2-2.3', 'M2.3 9.2l1.2 1.2 2-2.3', 'M7.5 4.5h6M7.5 9.5h6', 'M7.5 13h4'],
  models: ['M8 2l5.2 3v6L8 14l-5.2-3V5z', 'M2.8 5L8 8l5.2-3M8 8v6'],
  schedules: ['M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z', 'M8 5v3.3l2.2 1.4'],
  mcp: ['M5.5 2v3M10.5 2v3', 'M4 5h8v3a4 4 0 0 1-8 0z', 'M8 12v2.5'],
  privacy: ['M8 2l5 1.8v3.7c0 3-2 5.3-5 6.5c-3-1.2-5-3.5-5-6.5V3.8z', 'M5.8 8l1.6 1.6 2.9-3.2'],
  settings: ['M2 4.5h6.5M11.5 4.5H14', 'M2 11.5h2.5M7.5 11.5H14', 'M10 3v3M6 10v3'],
  add: ['M8 3v10M3 8h10'],
  close: ['M4 4l8 8M12 4l-8 8'],
  search: ['M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z', 'M10.3 10.3L13.5 13.5'],
  refresh: ['M13 8a5 5 0 1 1-1.5-3.6', 'M13.2 2v3h-3'],
  right: ['M6 3.5L10.5 8L6 12.5'],
  down: ['M3.5 6L8 10.5L12.5 6'],
  up: ['M3.5 10L8 5.5L12.5 10'],
  left: ['M10 3.5L5.5 8l4.5 4.5'],
  check: ['M3 8.5L6.3 12L13 4'],
  more: ['M3.5 8h.01M8 8h.01M12.5 8h.01'],
  edit: ['M10.5 3l2.5 2.5L6 12.5l-3 .5l.5-3z'],
  remove: ['M3 4.5h10M6.5 4.5v-2h3v2', 'M4.5 4.5l.5 9h6l.5-9', 'M7 7v4M9 7v4'],
  open: ['M9 3h4v4M13 3L7.5 8.5', 'M11 9.5V13H3V5h3.5'],
  signOut: ['M9.5 5V2.5h-6v11h6V11', 'M6.5 8h7M11 5.5L13.5 8L11 10.5'],
  play: ['M5 3.5l7.5 4.5L5 12.5z'],
  pause: ['M5.5 3.5v9M10.5 3.5v9'],
  stop: ['M4 4h8v8H4z'],
  undo: ['M3 3v4h4', 'M3.3 6.8A5 5 0 1 1 3.5 10'],
  redo: ['M13 3v4H9', 'M12.7 6.8A5 5 0 1 0 12.5 10'],
  night: ['M12.8 10A5.5 5.5 0 1 1 7 2.6a4.5 4.5 0 0 0 5.8 7.4z'],
  chart: ['M2.5 2.5v11h11', 'M5 10.5l2.5-3 2 1.5 3.5-4.5'],
  link: ['M6.5 9.5l3-3', 'M7 4.5l1-1a3 3 0 0 1 4.5 4.5l-1 1', 'M9 11.5l-1 1A3 3 0 0 1 3.5 8l1-1'],
  filter: ['M2.5 4h11M4.5 8h7M6.5 12h3'],
  error: ['M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z', 'M6 6l4 4M10 6l-4 4'],
  warning: ['M8 2.5l6 11H2z', 'M8 6.5v3.3M8 11.8h.01'],
  info: ['M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z', 'M8 7.5v3.3M8 5.3h.01'],
  circle: ['M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z'],
  dashed: [
    'M6.5 3.8a4.5 4.5 0 0 1 3 0M12 6.2a4.5 4.5 0 0 1 0 3.6M9.5 12.2a4.5 4.5 0 0 1-3 0M4 9.8a4.5 4.5 0 0 1 0-3.6',
  ],
  done: ['M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z', 'M5.5 8.2l1.8 1.8 3.3-3.8'],
  blocked: ['M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z', 'M5 8h6'],
  spinner: ['M8 2.5A5.5 5.5 0 0 1 13.5 8'],
  question: [
    'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z',
    'M6.3 6.3a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.7.6-.7 1.2M8 11.2h.01',
  ],
  spark: ['M8 2.5l1.3 4.2L13.5 8l-4.2 1.3L8 13.5L6.7 9.3L2.5 8l4.2-1.3z'],
  drag: ['M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01'],
} as const;

export type IconName = keyof typeof drawings;

/** Says nothing to screen readers: what it stands for is said beside it, or by the button that it is in. */
export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" className={`size-4 shrink-0 ${className}`} fill="none">
      <g stroke="currentColor" strokeWidth="1.25" strokeLinecap="round" strokeLinejoin="round">
        {drawings[name].map((d) => (
          <path key={d} d={d} />
        ))}
      </g>
    </svg>
  );
}
