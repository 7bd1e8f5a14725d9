/** What the page shows, as it stands in the address behind `plan/`: `week/item/12`. */

export const views = ['horizons', 'today', 'week', 'month', 'quarter'] as const;
export type View = (typeof views)[number];

/** What stands beside the view. An item by its number or id. */
export type Panel = { readonly name: 'item'; readonly item: string } | { readonly name: SidePanel };
export const sidePanels = ['tonight', 'weeks', 'progress', 'export'] as const;
export type SidePanel = (typeof sidePanels)[number];

export interface PlanPlace {
  readonly view: View;
  readonly panel: Panel | undefined;
}

export function parsePlanPlace(rest: string): PlanPlace {
  const [first = '', name = '', item = ''] = rest.split('/');
  const view = views.find((each) => each === first) ?? 'horizons';
  if (name === 'item' && item !== '') return { view, panel: { name, item } };
  const side = sidePanels.find((each) => each === name);
  return { view, panel: side && { name: side } };
}

export function planPlace({ view, panel }: PlanPlace): string {
  if (panel === undefined) return `plan/${view}`;
  return panel.name === 'item' ? `plan/${view}/item/${panel.item}` : `plan/${view}/${panel.name}`;
}
