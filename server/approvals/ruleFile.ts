import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  applyEdits,
  createScanner,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
} from 'jsonc-parser';
import { z } from 'zod';
import { ApprovalRule, OspainError } from '../../protocol/index.ts';
import { writePrivateFile } from '../storage/privateFile.ts';
import { codeOf, guarded } from '../storage/storageErrors.ts';

/** Rules as a person writes them down: JSON with comments, `{"rules": [...]}`. */
const Rules = z.strictObject({ rules: z.array(ApprovalRule).max(1000).default([]) });

/** Larger ones are no rules. Bytes. */
const MAX_FILE = 262_144;

/** The rules of a file; none where there is no file. Throws `invalid_params` with what is wrong in it. */
export function readRuleFile(file: string): ApprovalRule[] {
  const text = readText(file);
  return text === undefined ? [] : rulesIn(file, text);
}

/** Adds rules that are not in it yet, and leaves the rest of it as the person wrote it. Throws as `readRuleFile`. */
export function addToRuleFile(file: string, rules: readonly ApprovalRule[]): void {
  const text = readText(file) ?? '';
  const known = new Set(rulesIn(file, text).map(ruleKey));
  let next = text;
  for (const rule of rules) {
    if (known.has(ruleKey(rule))) continue;
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    next = applyEdits(next, modify(next, ['rules', -1], rule, { formattingOptions, isArrayInsertion: true }));
  }
  if (next !== text) guarded(() => writePrivateFile(file, next));
}

/**
 * Takes a rule out, each time that it is written there, and leaves the rest as the person wrote it. Throws as
 * `readRuleFile`, and `not_found` when it is not in it.
 */
export function removeFromRuleFile(file: string, rule: ApprovalRule): void {
  const text = readText(file) ?? '';
  const wanted = rulesIn(file, text).map((one) => ruleKey(one) === ruleKey(rule));
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const written = (tree && findNodeAtLocation(tree, ['rules'])?.children) ?? [];
  const places = written.filter((_, index) => wanted[index]);
  if (places.length === 0)
    throw new OspainError('not_found', `There is no such rule in ${file}.`, {
      hint: 'See which there are (approval/rules).',
    });
  // From behind, so that the others keep their places.
  const next = places.toReversed().reduce(withoutElement, text);
  guarded(() => writePrivateFile(file, next));
}

/** The library's own way takes comments away that belong to the next one. The comma before the last one stays. */
function withoutElement(text: string, { offset, length }: Node): string {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset + length);
  scanner.scan();
  const comma = text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() : null;
  const end = offset + length;
  const behind = comma === null ? text.slice(end) : text.slice(end, comma) + text.slice(comma + 1);
  const before = text.slice(0, offset);
  const isOwnLine = /\n[ \t]*$/.test(before) && /^[ \t]*\r?\n/.test(behind);
  return isOwnLine ? before.replace(/[ \t]*$/, '') + behind.replace(/^[ \t]*\r?\n/, '') : before + behind;
}

/** The same for two rules that say the same. */
export const ruleKey = ({ tool, command, path, does }: ApprovalRule): string =>
  JSON.stringify([tool, command ?? null, path ?? null, does]);

function rulesIn(file: string, text: string): ApprovalRule[] {
  if (text.trim() === '') return [];
  const errors: ParseError[] = [];
  const parsed = Rules.safeParse(parsedText(file, text, errors));
  if (errors.length === 0 && parsed.success) return parsed.data.rules;
  const issue = parsed.error?.issues[0];
  const what = errors.length > 0 ? 'it is not JSON' : `${issue?.path.join('.') || 'it'}: ${issue?.message}`;
  throw new OspainError('invalid_params', `The approval rules in ${file} cannot be read: ${what}.`, {
    hint: 'Correct the file; until then every call that acts is asked about.',
  });
}

/** The library goes as deep as the text does, and so may have no room left. */
function parsedText(file: string, text: string, errors: ParseError[]): unknown {
  try {
    return parse(text, errors, { allowTrailingComma: true });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** A folder's file comes from anybody: it may be a device, a link or without end. */
function readText(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, thrown);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > MAX_FILE) throw unreadable(file);
    const bytes = Buffer.alloc(stats.size);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

const unreadable = (file: string, cause?: unknown): OspainError =>
  new OspainError('invalid_params', `The approval rules in ${file} cannot be read: it is no plain file of rules.`, {
    hint: 'Correct the file; until then every call that acts is asked about.',
    ...(cause === undefined ? {} : { cause }),
  });
