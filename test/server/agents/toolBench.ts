import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Call } from '../../../server/agents/format.ts';
import { createOverlay, type Overlay } from '../../../server/agents/overlay.ts';
import type { ToolContext, ToolResult } from '../../../server/agents/tools/tool.ts';
import type { ToolSet } from '../../../server/agents/tools/toolSet.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { tempFolder } from '../../support/temp.ts';
import { runCall } from './runCall.ts';

/** One for all: its grammars are loaded once. */
export const syntax = createSyntax();

export interface ToolBench extends Disposable {
  root: string;
  overlay: Overlay;
  run(call: Call, more?: Partial<ToolContext>): Promise<ToolResult>;
  /** What the model reads of a call that has to work. */
  told(call: Call): Promise<string>;
  /** What the model reads of a call that must not. */
  refused(call: Call): Promise<string>;
}

/** A workspace with these files, and the tools of a set on a task's view of it. */
export function openToolBench(files: Record<string, string | Buffer>, tools?: ToolSet): ToolBench {
  const folder = tempFolder('tools');
  const root = realpathSync.native(folder.path);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const overlay = createOverlay(root);
  const bench: ToolBench = {
    root,
    overlay,
    run: (call, more) =>
      runCall(call, { overlay, room: 100_000, signal: new AbortController().signal, syntax, ...more }, tools),
    async told(call) {
      const { ok, text } = await bench.run(call);
      if (!ok) throw new Error(text);
      return text;
    },
    async refused(call) {
      const { ok, text } = await bench.run(call);
      if (ok || text.includes('\n')) throw new Error(`it went well, or takes several lines: ${text}`);
      return text;
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
  return bench;
}
