import type { EventData, TaskEvent } from '../../protocol/events.ts';
import { capital, formatCount, formatMs } from '../../protocol/quantities.ts';
import { type PlainEvent, type TurnBlock, transcriptOf } from '../../protocol/transcript.ts';
import { plural, t } from '../../protocol/words.ts';
import { fenced, quoted } from './markdown.ts';

export interface TranscriptOptions {
  /** Short number of the task. */
  readonly number: number;
  /** Time of day of a Unix time in milliseconds. */
  clock(at: number): string;
}

/** Longer results are cut in what is shown, and say so. */
const RESULT_LINES = 60;

/** What happened in a task, as Markdown that reads well as plain text. Pure: the same events give the same text. */
export function renderTranscript(events: readonly TaskEvent[], options: TranscriptOptions): string {
  const texts = transcriptOf(events).map((block) =>
    block.type === 'turn' ? renderTurn(block) : renderEvent(block.event, options),
  );
  return `${[`# ${t('Task {0}', options.number)}`, ...texts].filter((text) => text !== '').join('\n\n')}\n`;
}

function renderEvent(event: PlainEvent, { clock }: TranscriptOptions): string {
  switch (event.type) {
    case 'submitted':
      return `${quoted(event.data.instruction)}\n\n${event.data.kind} · ${t('submitted {0}', clock(event.at))}`;
    case 'started':
      return `## ${t('Attempt {0}', event.data.attempt)} · ${event.data.model} · ${clock(event.at)}`;
    case 'model':
      return renderModel(event.data);
    case 'proposal':
      return renderProposal(event.data);
    case 'reviewed':
      return DECIDED[event.data.did](event.data.files.map(({ path }) => `\`${path}\``).join(', '));
    case 'approval':
      return renderApproval(event.data);
    case 'begun':
      return t('Begun: {0}.', event.data.why);
    case 'retry':
      return renderRetry(event.data);
    case 'waiting':
      return `${capital(event.data.reason)} · ${clock(event.at)}`;
    case 'resumed':
      return event.data.step === 0 ? t('It goes on.') : t('It goes on behind step {0}.', event.data.step);
    case 'prioritized':
      return t('Its priority is {0} now.', event.data.priority);
    case 'cancelAsked':
      return t('Cancelling was asked for.');
    case 'pauseAsked':
      return t('A pause after the current step was asked for.');
    case 'done':
      return `## ${t('Done')} · ${clock(event.at)}\n\n${event.data.text.trim()}`.trimEnd();
    case 'failed':
      return `## ${t('Failed')} · ${clock(event.at)}\n\n${withHint(event.data.error)}\n\n${t('Error code: `{0}`', event.data.error.code)}`;
    case 'cancelled':
      return `## ${t('Cancelled')} · ${clock(event.at)}`;
    case 'told':
      return renderTold(event.data);
    default:
      // A newer server may tell of more than this client knows; the task itself is none the worse.
      return '';
  }
}

const DECIDED: Readonly<Record<EventData<'reviewed'>['did'], (files: string) => string>> = {
  accepted: (files) => t('A part was accepted: {0}.', files),
  rejected: (files) => t('A part was rejected: {0}.', files),
  undone: (files) => t('A part was undone: {0}.', files),
  merged: (files) => t('A part was merged: {0}.', files),
};

function renderRetry({ attempt, error, delayMs }: EventData<'retry'>): string {
  const ended = `**${t('Attempt {0} ended:', attempt)}** ${withHint(error)}`;
  const next = delayMs === 0 ? t('The next one starts at once.') : t('The next one starts in {0}.', formatMs(delayMs));
  return `${ended}\n\n${next}`;
}

function renderTold({ sources }: EventData<'told'>): string {
  const rows = sources.map(
    ({ name, characters, leftOut }) =>
      `- ${leftOut ? t('`{0}`, {1} characters: left out, there was no room', name, formatCount(characters)) : t('`{0}`, {1} characters', name, formatCount(characters))}`,
  );
  return `## ${t('Told besides')}\n\n${rows.join('\n')}`;
}

function renderModel({ name, state, ms }: EventData<'model'>): string {
  if (state === 'loading') return t('The model {0} is being loaded…', name);
  return ms === undefined
    ? t('The model {0} is ready.', name)
    : t('The model {0} is ready after {1}.', name, formatMs(ms));
}

const ANSWERED: Readonly<Record<Exclude<EventData<'approval'>['status'], 'asked'>, () => string>> = {
  allowed: () => t('It was allowed.'),
  denied: () => t('It was denied.'),
  answered: () => t('It was answered.'),
};

function renderApproval({ status, summary, text }: EventData<'approval'>): string {
  const said = status === 'asked' ? `**${t('You are asked:')}** ${summary}` : ANSWERED[status]();
  return text === undefined ? said : `${said}\n\n${quoted(text)}`;
}

const ENDED: Readonly<Record<Exclude<EventData<'proposal'>['status'], 'open'>, () => string>> = {
  accepted: () => t('The proposal was accepted.'),
  rejected: () => t('The proposal was rejected.'),
  undone: () => t('The proposal was undone.'),
};

function renderProposal({ status, files }: EventData<'proposal'>): string {
  if (status !== 'open') return ENDED[status]();
  const rows = files.map(({ path, added, removed }) => `- \`${path}\` +${added} −${removed}`);
  return `## ${plural('Proposal: {0} file|Proposal: {0} files', files.length)}\n\n${rows.join('\n')}`;
}

function renderTurn({ turn, text, usage, contextLength, isSummary, call, output, result, broken }: TurnBlock): string {
  // What it had said is no part of the run any more; below it is said whole.
  if (broken === 'again') return `### ${t('Turn {0}: interrupted, and taken again below', turn)}`;
  if (broken === 'off')
    return [`### ${t('Turn {0}: interrupted', turn)}`, ...(text.trim() === '' ? [] : [renderText(text)])].join('\n\n');
  const title = isSummary === true ? t('summary, in the place of the turns above') : call?.summary;
  const parts = [`### ${t('Turn {0}', turn)}${title === undefined ? '' : `: ${title}`}`];
  if (text.trim() !== '') parts.push(call === undefined ? renderText(text) : renderCall(text));
  if (result !== undefined) parts.push(renderResult(result));
  // Its result has the same again.
  else if (output !== undefined) parts.push(renderOutput(output));
  if (usage !== undefined) parts.push(renderUsage(usage, contextLength));
  return parts.join('\n\n');
}

/** A call is JSON and edit blocks, shown letter by letter; an answer is for people and stays as it is. */
const renderText = (text: string): string => (text.includes('{"tool"') ? renderCall(text) : text.trim());

/**
 * A call letter by letter, with its edit blocks as a diff: that is what they mean, and with the marks at the beginning of lines
 * VS Code would take the document for an unresolved merge.
 */
function renderCall(text: string): string {
  let mark = '';
  let edits = false;
  const lines: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const side = line.startsWith('<<<<<<<') ? '-' : mark === '-' && line.startsWith('=======') ? '+' : undefined;
    if (side !== undefined) {
      mark = side;
      edits = true;
    } else if (mark !== '' && line.startsWith('>>>>>>>')) mark = '';
    else lines.push(mark + line);
  }
  return fenced(lines.join('\n'), edits ? 'diff' : '');
}

/** The end of it: that is what comes next to what follows. */
function renderOutput(output: string): string {
  const lines = output.trimEnd().split('\n');
  return `${t('So far:')}\n\n${fenced(lines.slice(-RESULT_LINES).join('\n'))}`;
}

function renderResult({ ok, text }: EventData<'result'>): string {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - RESULT_LINES;
  const shown = left > 0 ? [...lines.slice(0, RESULT_LINES), plural('… {0} more line|… {0} more lines', left)] : lines;
  const name = ok ? t('Result') : t('Did not work');
  return shown.length === 1 ? `${name}: ${shown[0]}` : `${name}:\n\n${fenced(shown.join('\n'))}`;
}

function renderUsage(usage: EventData<'turn'>['usage'], contextLength: number | undefined): string {
  const { promptTokens, cachedTokens, generatedTokens, thoughtTokens = 0, firstTokenMs, durationMs } = usage;
  const facts = [
    t('{0} tokens read, {1} of them cached', formatCount(promptTokens), formatCount(cachedTokens)),
    thoughtTokens > 0
      ? t('{0} written, {1} of them thoughts', formatCount(generatedTokens), formatCount(thoughtTokens))
      : t('{0} written', formatCount(generatedTokens)),
    ...(contextLength === undefined ? [] : [contextUse(promptTokens + generatedTokens - thoughtTokens, contextLength)]),
    t('first after {0}', formatMs(firstTokenMs)),
    t('{0} in all', formatMs(durationMs)),
  ];
  return `*${facts.join(' · ')}*`;
}

const contextUse = (used: number, contextLength: number): string =>
  t(
    'context {0} of {1} ({2} %)',
    formatCount(used),
    formatCount(contextLength),
    Math.round((100 * used) / contextLength),
  );

const withHint = ({ message, hint }: EventData<'failed'>['error']): string =>
  hint === undefined ? message : `${message}\n\n${hint}`;
