/**
 * GBNF (llama.cpp's grammar notation) of everything a model answers in a fixed form. It holds the envelope only: code
 * stays outside JSON, where any line is allowed that is not one of the three lines framing an edit.
 */

import type { Profile } from '../../protocol/index.ts';
import { type BodyKind, type Field, type Form, MIDDLE, REPLACE, SEARCH } from './format.ts';

/** What a JSON string may hold, as JSON.parse reads it. */
const STRING = String.raw`string ::= char+
char ::= [^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" hex hex hex hex)
hex ::= [0-9a-fA-F]`;

const literal = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** Written as one literal with what stands around it in the header. */
const ruleOf = (field: Field): string => {
  if (field === 'text') return 'string';
  return field === 'number' ? 'number' : `(${field.map(literal).join(' | ')})`;
};

/** The embedded model writes one block an edit and one line at the end. */
const bodyOf = (body: BodyKind, profile: Profile): string[] =>
  ({
    none: [],
    edits: [profile === 'tiny' ? 'block' : 'block+'],
    text: [profile === 'tiny' ? 'said' : 'says'],
    lines: ['lines'],
    json: ['object'],
  })[body];

function callRule({ name, header, body }: Form, profile: Profile): string {
  const parts: string[] = [];
  let text = `{"tool":"${name}"`;
  for (const [field, kind] of Object.entries(header)) {
    const quote = kind === 'number' ? '' : '"';
    parts.push(literal(`${text},"${field}":${quote}`), ruleOf(kind));
    text = quote;
  }
  text += body === 'none' || body === 'edits' ? '}' : '}\n';
  return [...parts, literal(text), ...bodyOf(body, profile)].join(' ');
}

const LINES = String.raw`lines ::= [^\n]* ("\n" [^\n]*)*`;
const NUMBER = 'number ::= [1-9] [0-9]{0,6}';

/** A JSON object on one line; blanks where models put them. */
const OBJECT = String.raw`object ::= "{" " "? (member ("," " "? member)*)? " "? "}"
member ::= "\"" string? "\":" " "? value
value ::= object | "[" " "? (value ("," " "? value)*)? " "? "]" | "\"" string? "\"" | "true" | "false" | "null" | "-"? ("0" | [1-9] [0-9]{0,20}) ("." [0-9]{1,24})? ([eE] [-+]? [0-9]{1,3})?`;

/** One call of any of these forms. */
export function callGrammar(profile: Profile, forms: readonly Form[]): string {
  const rule = ({ name }: Form): string => name.replaceAll('_', '-');
  const needs = (test: (form: Form) => boolean, rules: string): string[] => (forms.some(test) ? [rules] : []);
  return [
    `root ::= ${forms.map(rule).join(' | ')}`,
    ...forms.map((form) => `${rule(form)} ::= ${callRule(form, profile)}`),
    `block ::= ${literal(`\n${SEARCH}\n`)} body ${literal(`${MIDDLE}\n`)} body ${literal(REPLACE)}`,
    String.raw`body ::= (line "\n")*`,
    String.raw`said ::= [^\n]+`,
    String.raw`says ::= said ("\n" said?){0,9}`,
    lineExcept([SEARCH, MIDDLE, REPLACE]),
    STRING,
    ...needs(({ header }) => Object.values(header).includes('number'), NUMBER),
    ...needs(({ body }) => body === 'lines', LINES),
    ...needs(({ body }) => body === 'json', OBJECT),
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

/** Lines of plain text: none that begins as a call does. */
export const SUMMARY_GRAMMAR = [
  String.raw`root ::= line ("\n" line){0,14}`,
  String.raw`line ::= [^{<\n] [^\n]{0,400}`,
  '',
].join('\n');

/** What the embedded model plans: three sentences. Others look around first, and end with the plan as text. */
export const PLAN_GRAMMAR = [
  'root ::= "[" step "," step "," step "]"',
  `step ::= ${literal('"')} string ${literal('"')}`,
  STRING,
  '',
].join('\n');
