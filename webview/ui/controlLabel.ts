import { type RefObject, useEffect, useRef } from 'react';

/**
 * Says what a control is for. Later than React sets attributes, since the toolkit writes a label of its own when a control
 * comes into the page; each time, since another control may have come in its place.
 */
export function useControlLabel(label: string): RefObject<HTMLElement | null> {
  const control = useRef<HTMLElement>(null);
  useEffect(() => control.current?.setAttribute('aria-label', label));
  return control;
}
