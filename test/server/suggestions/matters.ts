import type { Matter } from '../../../server/suggestions/matter.ts';

/** A note of the tests, of which tags are asked for. */
export const matter = (differs: Partial<Matter> = {}): Matter => ({
  about: 'tags',
  is: 'note',
  name: 'daily/2026-11-23.md',
  title: 'Monday',
  text: '# Monday\n\nfix the crash in the parser tomorrow\n\nThe refund for March is slow, it hangs.\n',
  tags: [],
  known: [],
  boxes: [],
  horizon: null,
  today: '2026-11-23',
  ...differs,
});
