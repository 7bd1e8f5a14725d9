import type { EventData, Task } from '../../protocol/index.ts';
import type { ModelInfo } from '../inference/engine.ts';
import { type Around, type Mentioned, mentionsIn } from './mentions.ts';
import { shareOf } from './modelTurn.ts';
import { contextTurn, mentionedBlock, rulesText } from './prompts.ts';
import { rulesFor } from './rules.ts';
import { shown } from './workspacePaths.ts';

/** What a run says to the model before its first answer. It is kept in the log: files may be others when the run goes on later. */
export type Briefing = EventData<'told'>;

/** Of the context, the share that rules may take, and what a person mentions. */
const RULES = 0.2;
const MENTIONED = 0.3;

/** What is said when there are neither rules nor mentions, and of a run of which the log has nothing else. */
export const plainBriefing = ({ instruction, context }: Task): Briefing => ({
  rules: '',
  text: context ? contextTurn({ instruction, path: shown(context.path), text: context.text }) : instruction,
  sources: [],
});

/**
 * The instruction with the rules of the workspace and what it mentions, whole or not at all: what has no room is left out,
 * and both the model and the person are told. Throws `not_found` for a mention of what is not there.
 */
export async function brief(task: Task, info: ModelInfo, around: Omit<Around, 'room'>): Promise<Briefing> {
  const { overlay } = around;
  const plain = plainBriefing(task);
  const mentioned = await mentionsIn(task, { ...around, room: shareOf(info, MENTIONED) });
  const rules = (await rulesFor(overlay, task.context?.path ?? mentioned[0]?.name)).map(({ path, text }) => ({
    name: path,
    text,
  }));
  const kept = fitting(rules, shareOf(info, RULES));
  const added = fitting(mentioned, shareOf(info, MENTIONED));
  return {
    rules: rulesText(kept.taken, kept.left),
    text: plain.text + mentionedBlock(added.taken, added.left),
    sources: [...kept.sources, ...added.sources],
  };
}

/** As many as there is room for, in their order. */
function fitting(all: readonly Mentioned[], room: number) {
  const taken: Mentioned[] = [];
  const left: string[] = [];
  const sources: Briefing['sources'] = [];
  let used = 0;
  for (const one of all) {
    const characters = one.text.length;
    const leftOut = used + characters > room;
    if (leftOut) left.push(one.name);
    else {
      taken.push(one);
      used += characters;
    }
    sources.push({ name: one.name, characters, leftOut });
  }
  return { taken, left, sources };
}
