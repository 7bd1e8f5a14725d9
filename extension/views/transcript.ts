import type { EventData, TaskEvent } from '../../protocol/events.ts';
import { capital, counted, formatCount, formatMs } from '../../protocol/quantities.ts';
import { type PlainEvent, type TurnBlock, transcriptOf } from '../../protocol/transcript.ts';
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
  return `${[`# Task ${options.number}`, ...texts].filter((text) => text !== '').join('\n\n')}\n`;
}

function renderEvent(event: PlainEvent, { clock }: TranscriptOptions): string {
  switch (event.type) {
    case 'submitted':
      return `${quoted(event.data.instruction)}\n\n${event.data.kind} · submitted ${clock(event.at)}`;
    case 'started':
      return `## Attempt ${event.data.attempt} · ${event.data.model} · ${clock(event.at)}`;
    case 'model':
      return renderModel(event.data);
    case 'proposal':
      return renderProposal(event.data);
    case 'reviewed':
      return `A part was ${event.data.did}: ${event.data.files.map(({ path }) => `\`${path}\``).join(', ')}.`;
    case 'approval':
      return renderApproval(event.data);
    case 'begun':
      return `Begun: ${event.data.why}.`;
    case 'retry':
      return `**Attempt ${event.data.attempt} ended:** ${withHint(event.data.error)}\n\nThe next one starts ${event.data.delayMs === 0 ? 'at once' : `in ${formatMs(event.data.delayMs)}`}.`;
    case 'waiting':
      return `${capital(event.data.reason)} · ${clock(event.at)}`;
    case 'resumed':
      return event.data.step === 0 ? 'It goes on.' : `It goes on behind step ${event.data.step}.`;
    case 'prioritized':
      return `Its priority is ${event.data.priority} now.`;
    case 'cancelAsked':
      return 'Cancelling was asked for.';
    case 'pauseAsked':
      return 'A pause after the current step was asked for.';
    case 'done':
      return `## Done · ${clock(event.at)}\n\n${event.data.text.trim()}`.trimEnd();
    case 'failed':
      return `## Failed · ${clock(event.at)}\n\n${withHint(event.data.error)}\n\nError code: \`${event.data.error.code}\``;
    case 'cancelled':
      return `## Cancelled · ${clock(event.at)}`;
    case 'told':
      return renderTold(event.data);
    default:
      // A newer server may tell of more than this client knows; the task itself is none the worse.
      return '';
  }
}

function renderTold({ sources }: EventData<'told'>): string {
  const rows = sources.map(
    ({ name, characters, leftOut }) =>
      `- \`${name}\`, ${formatCount(characters)} characters${leftOut ? ': left out, there was no room' : ''}`,
  );
  return `## Told besides\n\n${rows.join('\n')}`;
}

function renderModel({ name, state, ms }: EventData<'model'>): string {
  if (state === 'loading') return `The model ${name} is being loaded…`;
  return `The model ${name} is ready${ms === undefined ? '' : ` after ${formatMs(ms)}`}.`;
}

function renderApproval({ status, summary, text }: EventData<'approval'>): string {
  const said = status === 'asked' ? `**You are asked:** ${summary}` : `It was ${status}.`;
  return text === undefined ? said : `${said}\n\n${quoted(text)}`;
}

function renderProposal({ status, files }: EventData<'proposal'>): string {
  if (status !== 'open') return `The proposal was ${status}.`;
  const rows = files.map(({ path, added, removed }) => `- \`${path}\` +${added} −${removed}`);
  return `## Proposal: ${counted(files.length, 'file')}\n\n${rows.join('\n')}`;
}

function renderTurn({ turn, text, usage, contextLength, isSummary, call, output, result, broken }: TurnBlock): string {
  // What it had said is no part of the run any more; below it is said whole.
  if (broken === 'again') return `### Turn ${turn}: interrupted, and taken again below`;
  if (broken === 'off')
    return [`### Turn ${turn}: interrupted`, ...(text.trim() === '' ? [] : [renderText(text)])].join('\n\n');
  const title = isSummary === true ? 'summary, in the place of the turns above' : call?.summary;
  const parts = [`### Turn ${turn}${title === undefined ? '' : `: ${title}`}`];
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
  return `So far:\n\n${fenced(lines.slice(-RESULT_LINES).join('\n'))}`;
}

function renderResult({ ok, text }: EventData<'result'>): string {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - RESULT_LINES;
  const shown = left > 0 ? [...lines.slice(0, RESULT_LINES), `… ${counted(left, 'more line')}`] : lines;
  const name = ok ? 'Result' : 'Did not work';
  return shown.length === 1 ? `${name}: ${shown[0]}` : `${name}:\n\n${fenced(shown.join('\n'))}`;
}

function renderUsage(usage: EventData<'turn'>['usage'], contextLength: number | undefined): string {
  const { promptTokens, cachedTokens, generatedTokens, thoughtTokens = 0, firstTokenMs, durationMs } = usage;
  const facts = [
    `${formatCount(promptTokens)} tokens read, ${formatCount(cachedTokens)} of them cached`,
    `${formatCount(generatedTokens)} written${thoughtTokens > 0 ? `, ${formatCount(thoughtTokens)} of them thoughts` : ''}`,
    ...(contextLength === undefined ? [] : [contextUse(promptTokens + generatedTokens - thoughtTokens, contextLength)]),
    `first after ${formatMs(firstTokenMs)}`,
    `${formatMs(durationMs)} in all`,
  ];
  return `*${facts.join(' · ')}*`;
}

const contextUse = (used: number, contextLength: number): string =>
  `context ${formatCount(used)} of ${formatCount(contextLength)} (${Math.round((100 * used) / contextLength)} %)`;

const withHint = ({ message, hint }: EventData<'failed'>['error']): string =>
  hint === undefined ? message : `${message}\n\n${hint}`;
