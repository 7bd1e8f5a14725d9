import { formatMs } from '../../../protocol/quantities.ts';
import type { Block, PlainEvent } from '../../../protocol/transcript.ts';
import { t } from '../../words.ts';

/** What happened, in a line; empty for what is not worth one. */
export function headOf(block: Block): string {
  if (block.type === 'event') return eventHead(block.event);
  const { turn, call, isSummary, broken } = block;
  if (broken === 'again') return t('Turn {0}: interrupted, and taken again below', turn);
  if (broken === 'off') return t('Turn {0}: interrupted', turn);
  if (isSummary === true) return t('Turn {0}: summary, in the place of the turns above', turn);
  return call === undefined ? t('Turn {0}', turn) : t('Turn {0}: {1}', turn, call.summary);
}

function eventHead(event: PlainEvent): string {
  switch (event.type) {
    case 'submitted':
      return t('Submitted');
    case 'started':
      return t('Attempt {0} with {1}', event.data.attempt, event.data.model);
    case 'told':
      return t('Told besides');
    case 'model':
      return modelHead(event.data);
    case 'thinking':
      return t('Thinks before turn {0}', event.data.turn);
    case 'approval':
      return approvalHead(event.data);
    case 'begun':
      return t('Begun: {0}', event.data.why);
    case 'proposal':
      return proposalWords[event.data.status]();
    case 'reviewed':
      return reviewedWords[event.data.did]();
    case 'retry':
      return retryHead(event.data);
    case 'waiting':
      return event.data.reason;
    case 'resumed':
      return event.data.step === 0 ? t('It goes on') : t('It goes on behind step {0}', event.data.step);
    case 'prioritized':
      return t('Its priority is {0} now', event.data.priority);
    case 'cancelAsked':
      return t('Cancelling was asked for');
    case 'pauseAsked':
      return t('A pause after the current step was asked for');
    case 'done':
      return t('Done');
    case 'failed':
      return t('Failed: {0}', event.data.error.message);
    case 'cancelled':
      return t('Cancelled');
    default:
      // A newer server may tell of more than this page knows; the task itself is none the worse.
      return '';
  }
}

type Of<T extends PlainEvent['type']> = Extract<PlainEvent, { type: T }>['data'];

function modelHead({ name, state, ms }: Of<'model'>): string {
  if (state === 'loading') return t('The model {0} is being loaded', name);
  return ms === undefined
    ? t('The model {0} is ready', name)
    : t('The model {0} is ready after {1}', name, formatMs(ms));
}

function approvalHead({ status, summary }: Of<'approval'>): string {
  const words: Readonly<Record<typeof status, () => string>> = {
    asked: () => t('You are asked: {0}', summary),
    allowed: () => t('It was allowed'),
    denied: () => t('It was denied'),
    answered: () => t('It was answered'),
  };
  return words[status]();
}

const proposalWords: Readonly<Record<Of<'proposal'>['status'], () => string>> = {
  open: () => t('Changes are proposed'),
  accepted: () => t('The changes were accepted'),
  rejected: () => t('The changes were rejected'),
  undone: () => t('The changes were undone'),
};

const reviewedWords: Readonly<Record<Of<'reviewed'>['did'], () => string>> = {
  accepted: () => t('A part was accepted'),
  rejected: () => t('A part was rejected'),
  undone: () => t('A part was undone'),
  merged: () => t('The changes were made to fit the files'),
};

function retryHead({ attempt, error, delayMs }: Of<'retry'>): string {
  const ended = t('Attempt {0} ended: {1}', attempt, error.message);
  return delayMs === 0 ? ended : `${ended} ${t('The next one starts in {0}.', formatMs(delayMs))}`;
}
