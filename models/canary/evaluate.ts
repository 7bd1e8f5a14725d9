/**
 * Measures a model file: held-out conversations through node-llama-cpp with scripted tool results, free greedy answers on
 * the model's own history. A conversation counts only if every turn is right byte for byte.
 *
 * usage: node evaluate.ts canary.gguf [--agent 40] [--other 100] [--seed 20261123] [--mixed 0] [--form 1]
 *        [--golden golden.json] [--results results.json] [--show 5]
 */

import { writeFileSync } from 'node:fs';
import {
  ChatMLChatWrapper,
  getLlama,
  LlamaChatSession,
  type LlamaContextSequence,
  LlamaLogLevel,
} from 'node-llama-cpp';
import { AGENT_SKILLS, type Conversation, Lessons, SKILLS, type Skill } from './generate.ts';

const LONGEST_ANSWER = 240;
const GOLDEN_EACH = 10;

interface Golden {
  skill: Skill;
  system: string;
  turns: string[];
  outputs: string[];
}

interface Miss {
  skill: Skill;
  turn: number;
  want: string;
  got: string;
}

/** Plays one conversation; stops at the first wrong answer. */
async function play(sequence: LlamaContextSequence, lesson: Conversation): Promise<Golden | Miss> {
  await sequence.clearHistory();
  const session = new LlamaChatSession({
    contextSequence: sequence,
    systemPrompt: lesson.system,
    chatWrapper: new ChatMLChatWrapper(),
    autoDisposeSequence: false,
  });
  const { skill, system } = lesson;
  const golden: Golden = { skill, system, turns: [], outputs: [] };
  try {
    for (let i = 0; i < lesson.turns.length; i += 2) {
      const said = lesson.turns[i] ?? '';
      const want = lesson.turns[i + 1] ?? '';
      const got = await session.prompt(said, { temperature: 0, maxTokens: LONGEST_ANSWER });
      if (got !== want) return { skill, turn: i / 2 + 1, want, got };
      golden.turns.push(said);
      golden.outputs.push(got);
    }
  } finally {
    session.dispose({ disposeSequence: false });
  }
  return golden;
}

function options(args: string[]): (name: string, usual: string) => string {
  return (name, usual) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? usual : (args[at + 1] ?? usual);
  };
}

async function main(args: string[]): Promise<void> {
  const option = options(args);
  const modelPath = args[0];
  if (!modelPath) throw new Error('usage: node evaluate.ts canary.gguf');
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 1024, threads: 1 });
  const sequence = context.getSequence();

  const lessons = new Lessons(Number(option('seed', '20261123')), 'test', {
    mixed: Number(option('mixed', '0')),
    inForm: Number(option('form', '1')),
  });
  const isAgent = (skill: Skill): boolean => AGENT_SKILLS.some((other) => other === skill);
  const table: Record<string, [number, number]> = {};
  const golden: Golden[] = [];
  const misses: Miss[] = [];
  const count = (row: string, right: boolean): void => {
    const [good, all] = table[row] ?? [0, 0];
    table[row] = [good + (right ? 1 : 0), all + 1];
  };
  for (const skill of SKILLS) {
    const n = Number(isAgent(skill) ? option('agent', '40') : option('other', '100'));
    for (let i = 0; i < n; i++) {
      const outcome = await play(sequence, lessons.make(skill));
      const right = 'outputs' in outcome;
      count(skill, right);
      if (isAgent(skill)) count('agent, all', right);
      if (!right) misses.push(outcome);
      else if (golden.filter((other) => other.skill === skill).length < GOLDEN_EACH) golden.push(outcome);
    }
    console.log(skill.padEnd(8), table[skill]?.join('/'));
  }
  for (const [row, [good, all]] of Object.entries(table))
    console.log(`| ${row} | ${all} | ${good} | ${((100 * good) / all).toFixed(1)} % |`);
  for (const miss of misses.slice(0, Number(option('show', '5'))))
    console.log(
      `\n${miss.skill}, turn ${miss.turn}\n  want ${JSON.stringify(miss.want)}\n  got  ${JSON.stringify(miss.got)}`,
    );
  const goldenFile = option('golden', '');
  if (goldenFile) writeFileSync(goldenFile, `${JSON.stringify(golden, null, 1)}\n`);
  const resultsFile = option('results', '');
  if (resultsFile) writeFileSync(resultsFile, `${JSON.stringify(table, null, 2)}\n`);
  await model.dispose();
  process.exit(0);
}

await main(process.argv.slice(2));
