/** What the demo asks for, and exactly what must then be true. */
export interface DemoTask {
  instruction: string;
  ends: 'done' | 'failed';
  /** The file that is shown afterwards, with what it must hold; null when no file may have changed. */
  file: { path: string; change: (before: string) => string } | null;
}

const replaced = (from: string, to: string) => (text: string) => text.replaceAll(from, to);

export const demoTasks: readonly DemoTask[] = [
  {
    instruction: 'Set RETRY_MAX to 5 in src/limits.ts.',
    ends: 'done',
    file: { path: 'src/limits.ts', change: replaced('RETRY_MAX = 3', 'RETRY_MAX = 5') },
  },
  {
    instruction: 'Rename the function loadUser to fetchUser in src/users.ts.',
    ends: 'done',
    file: { path: 'src/users.ts', change: replaced('loadUser(', 'fetchUser(') },
  },
  {
    instruction: 'Add a doc comment to saveOrder in src/orders.ts: Saves one order.',
    ends: 'done',
    file: {
      path: 'src/orders.ts',
      change: replaced('function saveOrder', '/** Saves one order. */\nfunction saveOrder'),
    },
  },
  { instruction: 'Set PAGE_SIZE to 50 in src/pages.ts.', ends: 'failed', file: null },
];
