import { useEffect, useRef, useState } from 'react';
import { t } from '../words.ts';
import type { Plot, PlotOptions } from './plot.ts';

export interface ChartProps extends Pick<PlotOptions, 'data' | 'format' | 'formatTime'> {
  readonly title: string;
}

const HEIGHT = 148;

/** Lines over time. What they come to stands in a table below, so that nobody has to see them; the drawing is a chunk of its own. */
export function Chart({ title, data, format, formatTime }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const newest = useRef({ data, format, formatTime });
  newest.current = { data, format, formatTime };
  const [point, setPoint] = useState<number | null>(null);

  useEffect(() => {
    let isGone = false;
    void import('./plot.ts').then(({ drawPlot }) => {
      if (isGone || place.current === null) return;
      const { data, format, formatTime } = newest.current;
      plot.current = drawPlot(place.current, { data, format, formatTime, height: HEIGHT, onPoint: setPoint });
    });
    return () => {
      isGone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => plot.current?.update(data), [data]);

  const at = point === null ? undefined : data.times[point];
  return (
    <figure className="m-0 flex min-w-0 flex-col gap-1">
      <figcaption className="flex justify-between gap-2">
        <span className="font-semibold">{title}</span>
        <span className="text-muted tabular-nums">{at === undefined ? '' : formatTime(at)}</span>
      </figcaption>
      <div ref={place} className="min-w-0 overflow-hidden" style={{ height: HEIGHT }} />
      <Legend data={data} point={point} format={format} title={title} />
    </figure>
  );
}

interface LegendProps extends Pick<ChartProps, 'title' | 'data' | 'format'> {
  readonly point: number | null;
}

function Legend({ title, data, point, format }: LegendProps) {
  const say = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format(value));
  return (
    <table className="w-full text-small tabular-nums" aria-label={title}>
      <thead className="sr-only">
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{t('Now')}</th>
          <th scope="col">{t('Most')}</th>
        </tr>
      </thead>
      <tbody>
        {data.lines.map(({ name, values }, index) => (
          <tr key={name}>
            <th scope="row" className="flex items-center gap-2 text-left font-normal">
              <Swatch index={index} />
              <span className="min-w-0 truncate">{name}</span>
            </th>
            <td className="text-right">{say(point === null ? values.at(-1) : values[point])}</td>
            <td className="w-28 text-right text-muted">{t('most {0}', say(most(values)))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const swatches = ['bg-line-1', 'bg-line-2', 'bg-line-3', 'bg-line-4', 'bg-line-5', 'bg-line-6'];

const Swatch = ({ index }: { readonly index: number }) => (
  <span aria-hidden="true" className={`h-0.5 w-3 shrink-0 ${swatches[index % swatches.length]}`} />
);

const most = (values: readonly (number | null)[]): number | null =>
  values.reduce((max, value) => (value !== null && (max === null || value > max) ? value : max), null);
