import type { Report } from '../../scripts/measure.ts';
import { measureBundle } from './hub/bundle.ts';
import { measurePaint } from './hub/paint.ts';
import { measurePanel } from './hub/panel.ts';
import { measureScrolling } from './hub/scrolling.ts';
import { measureStream } from './hub/stream.ts';

/** What a person waits for in the hub, and what it costs while they look at it. */
export default async function hub(report: Report): Promise<void> {
  await measureBundle(report);
  await measurePaint(report);
  await measureStream(report);
  await measureScrolling(report);
  await measurePanel(report);
}
