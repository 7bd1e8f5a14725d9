import type { Model, ModelBenchmark, ModelFile, Result } from '../protocol/index.ts';
import { localTime } from './moments.ts';
import type { Colour, Paint } from './paint.ts';
import type { Screen } from './screen.ts';
import { fileSize, oneLine, plural, table } from './text.ts';

/** How models look to people. */

const colours: Record<Model['state'], Colour> = { idle: 'dim', loading: 'cyan', ready: 'green', failed: 'red' };

export function modelTable(models: readonly Model[], { paint }: Screen): string {
  const rows = models.map((model) => [
    model.name,
    model.version,
    fileSize(model.bytes),
    model.quantization ?? model.format,
    model.contextLength === 0 ? '' : String(model.contextLength),
    speedText(model.benchmark),
    stateText(model),
    model.aliases.join(', '),
  ]);
  const head = ['model', 'version', 'size', 'type', 'context', 'tokens/s', 'state', 'aliases'];
  const [first = '', ...lines] = table([head, ...rows]);
  // Coloured after the columns are made: escape sequences have no width.
  const body = lines.map((line, index) => {
    const state = models[index]?.state;
    return state === undefined || state === 'idle'
      ? line
      : line.replace(` ${state}`, ` ${paint[colours[state]](state)}`);
  });
  return [paint.dim(first.trimEnd()), ...body].join('\n');
}

const stateText = ({ state, problem, pinned }: Model): string =>
  [problem === null ? state : 'failed', ...(pinned ? ['pinned'] : [])].join(', ');

const speedText = (benchmark: ModelBenchmark | null): string =>
  benchmark === null ? '' : benchmark.decodeRate.toFixed(1);

type Shown = Result<'model/show'>;

/** Everything that is known of one version, a line each. */
export function modelText({ model, files, facts, benchmarks }: Shown, screen: Screen): string {
  const { paint, safe } = screen;
  const lines: [name: string, value: string | null][] = [
    ['aliases', model.aliases.join(', ') || null],
    ['tags', model.tags.join(', ') || null],
    ['architecture', model.architecture],
    ['weights', model.parameters === null ? null : countText(model.parameters)],
    ['type', model.quantization ?? model.format],
    ['can', model.abilities.join(', ') || null],
    ['context', contextText(model, facts)],
    ['told as', `a ${model.profile} model`],
    ['memory', model.memoryBytes === null ? null : `about ${fileSize(model.memoryBytes)} when loaded`],
    ['licence', model.licence],
    ['source', model.source],
    ['sha256', model.sha256],
    ['state', [stateText(model), ...(model.problem === null ? [] : [model.problem])].join(': ')],
    ['loaded', model.loadedAt === null ? 'never' : localTime(model.loadedAt)],
  ];
  const rows = lines.flatMap(([name, value]) => (value === null ? [] : [[name, safe(oneLine(value))]]));
  return [
    `${paint.bold(model.name)} ${model.version}, ${fileSize(model.bytes)} in ${plural(files.length, 'file')}`,
    ...table(rows).map((line) => `  ${line}`),
    ...files.map((file) => `  ${paint.dim(fileText(file, safe))}`),
    ...(benchmarks.length === 0 ? [] : ['', benchmarkTable(benchmarks, paint)]),
  ].join('\n');
}

function contextText({ contextLength, format }: Model, facts: Shown['facts']): string | null {
  if (format !== 'gguf') return null;
  const made = facts?.contextLength ?? null;
  const most = made === null || made === contextLength ? '' : `, made for ${made}`;
  return `${contextLength} tokens${most}`;
}

const kept: Record<ModelFile['kept'], string> = {
  store: 'in the store',
  shared: 'in the store, shared with another program',
  elsewhere: 'stays where it is',
};

const fileText = (file: ModelFile, safe: Screen['safe']): string => `${safe(file.path)} (${kept[file.kept]})`;

export function benchmarkTable(benchmarks: readonly ModelBenchmark[], paint: Paint): string {
  const rows = benchmarks.map(({ at, promptRate, decodeRate, loadMs, memoryBytes, threads }) => [
    localTime(at),
    promptRate.toFixed(1),
    decodeRate.toFixed(1),
    `${(loadMs / 1000).toFixed(1)} s`,
    fileSize(memoryBytes),
    String(threads),
  ]);
  const head = ['measured', 'prompt tokens/s', 'answer tokens/s', 'load', 'memory', 'threads'];
  const [first = '', ...lines] = table([head, ...rows]);
  return [paint.dim(first), ...lines].join('\n');
}

/** As models are named: `7.6 B`, `135 M`. */
const countText = (count: number): string =>
  count >= 1e9 ? `${(count / 1e9).toFixed(1)} B` : `${Math.round(count / 1e6)} M`;
