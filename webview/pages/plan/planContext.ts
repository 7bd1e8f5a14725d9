import { createContext, useContext } from 'react';
import type { Day } from '../../../protocol/days.ts';
import type { Panel, View } from './planPlace.ts';

/** What the parts of the page share. */
export interface Plan {
  readonly today: Day;
  readonly view: View;
  readonly panel: Panel | undefined;
  /** Said by screen readers. */
  announce(text: string): void;
  /** Shows something beside the view; undefined closes it. */
  show(panel: Panel | undefined): void;
  /** Undo and redo, said aloud. */
  turn(way: 'undo' | 'redo'): void;
}

export const PlanContext = createContext<Plan | undefined>(undefined);

export function usePlan(): Plan {
  const plan = useContext(PlanContext);
  if (plan === undefined) throw new Error('there is no plan around this component');
  return plan;
}
