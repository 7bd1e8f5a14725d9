import { useMemo } from 'react';
import type { ModelBenchmark } from '../../../protocol/models.ts';
import { formatBytes, formatDecimal, formatMs, formatTime } from '../../../protocol/quantities.ts';
import { Chart } from '../../components/Chart.tsx';
import type { PlotData } from '../../components/plot.ts';
import { t } from '../../words.ts';

/** Tells the benchmarks over time only where there are some. */
const SOME = 3;

/** How fast a version was, each time that it was measured on this machine. Newest first. */
export function Benchmarks({ benchmarks }: { readonly benchmarks: readonly ModelBenchmark[] }) {
  const data = useMemo(() => linesOf(benchmarks), [benchmarks]);
  if (benchmarks.length === 0)
    return (
      <p className="text-muted">
        {t('Never measured on this machine. “Measure” loads it anew and takes a minute or two.')}
      </p>
    );
  return (
    <div className="flex flex-col gap-3">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where the window is narrow, by keys too */}
      <section className="overflow-x-auto" aria-label={t('Measurements')} tabIndex={0}>
        <table className="w-full max-w-3xl tabular-nums">
          <thead>
            <tr className="text-left text-muted">
              <Head>{t('Measured')}</Head>
              <Head right>{t('Prompt, tokens/s')}</Head>
              <Head right>{t('Answer, tokens/s')}</Head>
              <Head right>{t('Load')}</Head>
              <Head right>{t('Memory')}</Head>
              <Head right>{t('Threads')}</Head>
            </tr>
          </thead>
          <tbody>
            {benchmarks.slice(0, 10).map((one) => (
              <tr key={one.at}>
                <td className="whitespace-nowrap pr-4">{formatTime(one.at)}</td>
                <Cell>{formatDecimal(one.promptRate, 0)}</Cell>
                <Cell>{formatDecimal(one.decodeRate, 1)}</Cell>
                <Cell>{formatMs(one.loadMs)}</Cell>
                <Cell>{formatBytes(one.memoryBytes)}</Cell>
                <Cell>{String(one.threads)}</Cell>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {benchmarks.length < SOME ? null : (
        <Chart
          title={t('Tokens a second, each time that it was measured')}
          data={data}
          format={(rate) => formatDecimal(rate, 1)}
          formatTime={(at) => formatTime(at, { dateStyle: 'short' })}
        />
      )}
    </div>
  );
}

const Head = ({ children, right = false }: { readonly children: string; readonly right?: boolean }) => (
  <th scope="col" className={`whitespace-nowrap font-normal ${right ? 'pl-4 text-right' : 'pr-4'}`}>
    {children}
  </th>
);

const Cell = ({ children }: { readonly children: string }) => <td className="pl-4 text-right">{children}</td>;

function linesOf(benchmarks: readonly ModelBenchmark[]): PlotData {
  const inOrder = benchmarks.toReversed();
  return {
    times: inOrder.map(({ at }) => at),
    lines: [{ name: t('Answer, tokens/s'), values: inOrder.map(({ decodeRate }) => decodeRate) }],
  };
}
