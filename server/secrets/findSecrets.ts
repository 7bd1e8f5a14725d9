import { assignedSecrets, type Secret } from './assignments.ts';

/** By the end of the name of a rule of secretlint, where that says it not well enough. */
const KINDS: Readonly<Record<string, string>> = {
  aws: 'AWS secret key',
  basicauth: 'password in an address',
  'database-connection-string': 'password in an address',
  github: 'GitHub token',
  gitlab: 'GitLab token',
  npm: 'npm token',
  privatekey: 'private key',
  slack: 'Slack token',
};

/** What secretlint's recommended rules miss, and nothing else looks like. */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['AWS access key', /\b(?:AKIA|ASIA)(?![A-Z2-7]*EXAMPLE)[A-Z2-7]{16}\b/g],
  [
    'private key',
    /-----BEGIN (?:[A-Z\d]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:\r?\n|\\n)(?:[A-Z][\w-]{1,30}: [^\r\n]{0,200}\r?\n){0,8}(?:\r?\n)?(?:[A-Za-z\d+/=]{8,200}(?:\r?\n|\\n|$))+(?:-----END (?:[A-Z\d]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----)?/g,
  ],
  ['Google key', /\bAIza[\w-]{35}\b/g],
  ['OpenAI key', /\bsk-(?:proj-|svcacct-|admin-)?(?=[\w-]{0,60}\d)[\w-]{32,200}\b/g],
  ['JSON web token', /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}/g],
  ['bearer token', /(?<=\bBearer )(?=[\w.~+/-]{0,60}\d)[\w.~+/-]{24,2000}=*/g],
];

/** Characters that are looked at in one go; in between, other work gets its turn. */
const PIECE = 1 << 18;

/**
 * The keys, tokens and passwords in a text, in order, none over another. The same text has the same ones, always: a transcript
 * is made of what this leaves.
 */
export async function findSecrets(text: string): Promise<Secret[]> {
  const found: Secret[] = [];
  for (const [kind, pattern] of PATTERNS)
    for (const { index, 0: match } of text.matchAll(pattern))
      found.push({ start: index, end: index + match.length, kind });
  for (const [start, end] of pieces(text))
    for (const { start: from, end: to, kind } of await linted(text.slice(start, end)))
      found.push({ start: start + from, end: start + to, kind });
  // What a name alone says is said last: what a rule knows it by is more.
  return disjoint([...found, ...assignedSecrets(text)]);
}

/** Ends of pieces are ends of lines, where there are any. */
function* pieces(text: string): Generator<readonly [number, number]> {
  for (let start = 0; start < text.length; ) {
    const line = start + PIECE >= text.length ? text.length : text.lastIndexOf('\n', start + PIECE) + 1;
    const end = line > start ? line : start + PIECE;
    yield [start, end];
    start = end;
  }
}

async function linted(content: string): Promise<Secret[]> {
  return (await lint(content)).flatMap(({ ruleId, data }) => {
    // A rule says what it found, and not always where.
    const secret = Object.values(data).find((value) => typeof value === 'string' && content.includes(value));
    if (typeof secret !== 'string' || secret.length < 8) return [];
    const name = ruleId.replace(/^@secretlint\/secretlint-rule-/, '');
    const kind = KINDS[name] ?? `${name} key`;
    return occurrences(content, passwordIn(secret)).map((start) => ({
      start,
      end: start + passwordIn(secret).length,
      kind,
    }));
  });
}

/** Of an address only the password; anything else whole. */
const passwordIn = (secret: string): string => /^[\w+.-]+:\/\/[^:/?#\s]*:([^@\s]{3,})@/.exec(secret)?.[1] ?? secret;

function occurrences(text: string, part: string): number[] {
  const all: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) all.push(at);
  return all;
}

/** The longer of two that overlap has both. */
function disjoint(found: readonly Secret[]): Secret[] {
  const kept: Secret[] = [];
  for (const secret of found.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = kept.at(-1);
    if (last === undefined || secret.start >= last.end) kept.push({ ...secret });
    else last.end = Math.max(last.end, secret.end);
  }
  return kept;
}

/** Loaded when it is first needed: its rules are a part of the server that most processes never use. */
async function lint(content: string): Promise<{ ruleId: string; data: Readonly<Record<string, unknown>> }[]> {
  const [{ lintSource }, { creator: rule }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule, options: {} }] };
  const source = { content, filePath: '/text', ext: '', contentType: 'text' as const };
  const { messages } = await lintSource({ source, options: { config, locale: 'en' } });
  return messages.map(({ ruleId, data = {} }) => ({ ruleId, data }));
}
