import { z } from 'zod';
import type { Signal } from './client.ts';

/** Counts from 1. */
const line = z.number().int().min(1);
/** Relative to the workspace, with `/`. */
const path = z.string().min(1).max(4096);

const EditorSymbol = z.object({
  path,
  line,
  /** In lower case, such as `function` or `class`. */
  kind: z.string().max(64),
  /** With the name of what it stands in, such as `Box.open`. */
  name: z.string().max(512),
});
export type EditorSymbol = z.infer<typeof EditorSymbol>;

const EditorDiagnostic = z.object({
  line,
  severity: z.enum(['error', 'warning', 'information', 'hint']),
  message: z.string().max(2000),
  /** Who says so, such as `ts`. */
  source: z.string().max(64),
});

/**
 * What a server may ask the editor that started it: requests in the other direction, of what only an editor knows. An editor
 * answers those whose names it lists in its LSP capabilities, as `experimental.ospain2`; another is never asked.
 */
export const editorMethods = {
  /** Where functions, classes and types of about this name are defined, by the languages that the editor knows. */
  'editor/symbols': {
    params: z.object({ name: z.string().min(1).max(256) }),
    result: z.object({ symbols: z.array(EditorSymbol).max(200) }),
  },
  /** What the editor finds wrong in a file as it is on disk; waits a moment for languages that have just begun to look. */
  'editor/diagnostics': {
    params: z.object({ path }),
    result: z.object({ diagnostics: z.array(EditorDiagnostic).max(200) }),
  },
} as const;

type EditorMethods = typeof editorMethods;
export type EditorMethod = keyof EditorMethods;
export type EditorParams<M extends EditorMethod> = z.output<EditorMethods[M]['params']>;
export type EditorResult<M extends EditorMethod> = z.output<EditorMethods[M]['result']>;

/** The editor as the server sees it. */
export interface Editor {
  /** Undefined when the editor cannot say, or does not say in time: nothing may depend on it. */
  ask<M extends EditorMethod>(
    method: M,
    params: EditorParams<M>,
    signal?: Signal,
  ): Promise<EditorResult<M> | undefined>;
}
