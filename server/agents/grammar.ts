/**
 * GBNF (llama.cpp's grammar notation) of everything a model answers in a fixed form. It holds the envelope only: code
 * stays outside JSON, where any line is allowed that is not one of the three lines framing an edit.
 */

import type { Profile } from '../../protocol/index.ts';
import { MIDDLE, REPLACE, SEARCH, type ToolName } from './format.ts';

/** The tools that a model of a profile is told of. The embedded model was taught three. */
export const toolsOf = (profile: Profile): readonly ToolName[] =>
  profile === 'tiny'
    ? ['read_file', 'edit_file', 'finish']
    : ['read_file', 'list_files', 'search_text', 'edit_file', 'finish'];

/** What a JSON string may hold, as JSON.parse reads it. */
const STRING = String.raw`string ::= char+
char ::= [^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" hex hex hex hex)
hex ::= [0-9a-fA-F]`;

const literal = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const headerOf = (tool: ToolName): string => `{"tool":"${tool}",`;

const CALLS: Record<ToolName, string> = {
  read_file: `${literal(`${headerOf('read_file')}"path":"`)} string ${literal('"}')}`,
  list_files: `${literal(`${headerOf('list_files')}"path":"`)} string ${literal('"}')}`,
  search_text: `${literal(`${headerOf('search_text')}"path":"`)} string ${literal('","text":"')} string ${literal('"}')}`,
  edit_file: `${literal(`${headerOf('edit_file')}"path":"`)} string ${literal('"}')} BLOCKS`,
  finish: `${literal(`${headerOf('finish')}"outcome":"`)} ("done" | "failed" | "blocked") ${literal('"}\n')} TEXT`,
};

/** One call of any of these tools. The embedded model writes one block an edit and one line at the end. */
export function callGrammar(profile: Profile): string {
  const tools = toolsOf(profile);
  const rule = (tool: ToolName): string => tool.replace('_', '-');
  const fill = (call: string): string =>
    call
      .replace('BLOCKS', profile === 'tiny' ? 'block' : 'block+')
      .replace('TEXT', profile === 'tiny' ? 'said' : 'says');
  return [
    `root ::= ${tools.map(rule).join(' | ')}`,
    ...tools.map((tool) => `${rule(tool)} ::= ${fill(CALLS[tool])}`),
    `block ::= ${literal(`\n${SEARCH}\n`)} body ${literal(`${MIDDLE}\n`)} body ${literal(REPLACE)}`,
    String.raw`body ::= (line "\n")*`,
    String.raw`said ::= [^\n]+`,
    String.raw`says ::= said ("\n" said?){0,9}`,
    lineExcept([SEARCH, MIDDLE, REPLACE]),
    STRING,
    '',
  ].join('\n');
}

/**
 * The rule `line`: any text of one line but these ones, blanks at their end included. A grammar cannot say "not", so it
 * follows the letters of the forbidden lines and lets the text leave at every one of them.
 */
function lineExcept(forbidden: readonly string[]): string {
  const rules: string[] = [];
  const follow = (prefix: string): string => {
    const name = prefix === '' ? 'line' : `line${rules.length}`;
    const at = rules.push('') - 1;
    if (forbidden.includes(prefix)) {
      rules[at] = String.raw`${name} ::= [ \t]* [^ \t\r\n] [^\n]*`;
      return name;
    }
    const next = [
      ...new Set(forbidden.filter((line) => line.startsWith(prefix)).map((line) => line[prefix.length] ?? '')),
    ];
    const ways = next.map((letter) => `${literal(letter)} ${follow(prefix + letter)}`);
    rules[at] = `${name} ::= ( [^${next.join('')}\\n] [^\\n]* | ${ways.join(' | ')} )?`;
    return name;
  };
  follow('');
  return rules.join('\n');
}

/** The tags that the embedded model knows; others may use any short word. */
export const TAUGHT_TAGS = ['bug', 'docs', 'perf', 'test', 'ui', 'auth', 'data', 'money'] as const;

export function tagGrammar(profile: Profile): string {
  const word = profile === 'tiny' ? TAUGHT_TAGS.map(literal).join(' | ') : '[a-z] [a-z0-9-]{1,23}';
  return [
    `root ::= ${literal('{"tags":[')} tag ("," tag){0,4} ${literal('],"horizon":"')} ("now" | "next" | "later" | "someday") ${literal('"}')}`,
    `tag ::= ${literal('"')} (${word}) ${literal('"')}`,
    '',
  ].join('\n');
}

export function planGrammar(profile: Profile): string {
  if (profile === 'tiny')
    return [
      `root ::= "[" step "," step "," step "]"`,
      `step ::= ${literal('"')} string ${literal('"')}`,
      STRING,
      '',
    ].join('\n');
  return [
    `root ::= "[" part ("," part){0,11} "]"`,
    `part ::= ${literal('{"do":"')} string ${literal('","after":[')} (number ("," number){0,5})? ${literal(']}')}`,
    'number ::= [1-9] [0-9]?',
    STRING,
    '',
  ].join('\n');
}
