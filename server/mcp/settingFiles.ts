import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { McpProblem } from '../../protocol/index.ts';
import { isObject } from './objects.ts';
import { type McpSettings, type McpSource, readServer } from './settings.ts';

export interface ReadSettings {
  servers: McpSettings[];
  problems: McpProblem[];
}

export interface SettingFiles {
  /** The user's own. */
  userFile: string;
  /** Real path. */
  workspace: string;
  env: NodeJS.ProcessEnv;
  /** Whether the workspace's own files count at all. */
  trusted: boolean;
}

/** Bytes of a file. */
const MAX_FILE = 1_048_576;
/** Servers of all files together. */
const MAX_SERVERS = 32;

/**
 * The servers of `mcp.json` in the data folder, and of `.vscode/mcp.json` and `.mcp.json` in the workspace. Of one name the
 * first in this order counts. What cannot be used is a problem, and hurts nothing else.
 */
export function readSettingFiles({ userFile, workspace, env, trusted }: SettingFiles): ReadSettings {
  const files: [file: string, source: McpSource][] = [[userFile, 'user']];
  if (trusted)
    files.push([join(workspace, '.vscode', 'mcp.json'), 'workspace'], [join(workspace, '.mcp.json'), 'workspace']);
  const servers = new Map<string, McpSettings>();
  const problems: McpProblem[] = [];
  for (const [file, source] of files) {
    const { entries, why } = readEntries(file);
    if (why !== undefined) problems.push({ file, name: null, why });
    for (const [name, written] of entries) {
      const before = servers.get(name);
      const read = readServer(name, written, { source, file, workspace, env });
      if (read === null) continue;
      if (typeof read === 'string') problems.push({ file, name: name.slice(0, 64), why: read });
      else if (before !== undefined)
        problems.push({ file, name, why: `${before.file} has one of this name, which counts` });
      else if (servers.size >= MAX_SERVERS)
        problems.push({ file, name, why: `there are ${MAX_SERVERS} others already` });
      else servers.set(name, read);
    }
  }
  return { servers: [...servers.values()], problems };
}

function readEntries(file: string): { entries: [name: string, written: unknown][]; why?: string } {
  const text = readBounded(file);
  if (text === null) return { entries: [] };
  if (text === undefined) return { entries: [], why: 'it cannot be read, or is no file of a sensible size' };
  const errors: ParseError[] = [];
  let value: unknown;
  try {
    value = parse(text, errors, { allowTrailingComma: true });
  } catch {
    // The library goes as deep as the text does.
    return { entries: [], why: 'it is nested too deeply' };
  }
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    return { entries: [], why: `it is no JSON in line ${line}: ${printParseErrorCode(error.error)}` };
  }
  if (!isObject(value)) return { entries: [], why: 'it holds no JSON object' };
  const listed = value['servers'] ?? value['mcpServers'] ?? {};
  if (!isObject(listed)) return { entries: [], why: 'its "servers" is no JSON object' };
  return { entries: Object.entries(listed) };
}

/** Null where there is none; undefined where it cannot be read. */
function readBounded(file: string): string | null | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (!stat.isFile() || stat.size > MAX_FILE) return undefined;
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
