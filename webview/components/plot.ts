import uPlot from 'uplot';

/** One line of a chart: a value for each of the times, null where there is none. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface PlotData {
  /** Unix milliseconds, in order. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

export interface PlotOptions {
  readonly data: PlotData;
  readonly height: number;
  readonly format: (value: number) => string;
  /** How a time is said below the chart. Unix milliseconds. */
  readonly formatTime: (at: number) => string;
  /** The place in `times` that the pointer is at; null when it is elsewhere. */
  readonly onPoint: (index: number | null) => void;
}

export interface Plot {
  update(data: PlotData): void;
  destroy(): void;
}

/** In the order in which lines get them; the theme says what they are. */
export const lineColors = [
  '--vscode-charts-blue',
  '--vscode-charts-orange',
  '--vscode-charts-green',
  '--vscode-charts-purple',
  '--vscode-charts-red',
  '--vscode-charts-yellow',
] as const;

export const lineColor = (index: number): string => lineColors[index % lineColors.length] ?? lineColors[0];

/** Draws a chart into a place, as wide as that is. It follows the place's width and the theme until it is destroyed. */
export function drawPlot(place: HTMLElement, options: PlotOptions): Plot {
  let { data } = options;
  let plot = draw(place, options, data);
  const again = () => {
    plot.destroy();
    plot = draw(place, options, data);
  };
  const sized = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: options.height }));
  sized.observe(place);
  // A canvas does not know of variables: another theme is another drawing.
  const themed = new MutationObserver(again);
  themed.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return {
    update(next) {
      const isSame = next.lines.map(({ name }) => name).join('\n') === data.lines.map(({ name }) => name).join('\n');
      data = next;
      if (isSame) plot.setData(columns(next));
      else again();
    },
    destroy() {
      sized.disconnect();
      themed.disconnect();
      plot.destroy();
    },
  };
}

const columns = ({ times, lines }: PlotData): uPlot.AlignedData => [
  times.map((at) => at / 1000),
  ...lines.map(({ values }) => [...values]),
];

function draw(place: HTMLElement, { height, format, formatTime, onPoint }: PlotOptions, data: PlotData): uPlot {
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const ink = color('--vscode-descriptionForeground') || color('--vscode-foreground');
  const edge = color('--vscode-panel-border') || color('--vscode-contrastBorder') || '#80808059';
  const font = `${style.fontSize} ${style.fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: edge, width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      legend: { show: false },
      cursor: { points: { size: 5 }, drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 80,
          values: (_plot, splits) => splits.map((at) => formatTime(at * 1000)),
        },
        { ...axis, size: 64, values: (_plot, splits) => splits.map((value) => format(value)) },
      ],
      series: [
        {},
        ...data.lines.map((line, index) => ({
          label: line.name,
          stroke: color(lineColor(index)),
          width: 1.5,
          points: { size: 4 },
          spanGaps: false,
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    columns(data),
    place,
  );
  // What the canvas shows is said by the table below it.
  plot.root.setAttribute('aria-hidden', 'true');
  return plot;
}
