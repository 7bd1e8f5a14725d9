import { type Editor, OspainError, type ProposalFile } from '../../../protocol/index.ts';
import type { About, Effect } from '../../approvals/decide.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { BodyKind, Call, CallOf, Form, Header } from '../format.ts';
import type { Overlay } from '../overlay.ts';

export interface ToolResult {
  ok: boolean;
  /** What the model reads: a result, or one line that says what is wrong. */
  text: string;
  /** What an edit made of its files. */
  edited?: readonly ProposalFile[];
}

export interface ToolContext {
  overlay: Overlay;
  /** Characters that a result may have. */
  room: number;
  signal: AbortSignal;
  /** Reads the structure of files. */
  syntax: Syntax;
  /** Knows what languages say of the files on disk, where there is one. */
  editor?: Editor | undefined;
  /** Refuses an edit that cannot be what was asked, where the product knows what was. */
  isAsked?: (edit: { path: string; before: string | null; after: string }) => boolean;
  /** Whether a person agreed to this very call, knowing that there is no sandbox. */
  agreed?: boolean;
  /** Told what a command says while it runs. */
  tell?: (text: string) => void;
}

/** One thing that a model may do, whole: how it is written, said and done. */
export interface Tool<H extends Header = Header, B extends BodyKind = BodyKind> extends Form<H, B> {
  readonly effect: Effect;
  /** What it is found by in `more_tools`: one lower-case word. */
  readonly family: string;
  /** What rules of approvals see of a call; without it, the fields `path`, `from` and `to`. */
  about?(call: Call): About | Promise<About>;
  /**
   * What the model did wrong is a result that is not `ok`, or an error of the workspace, whose message the model reads; any
   * other error ends the task.
   */
  run(call: CallOf<H, B>, context: ToolContext): ToolResult | Promise<ToolResult>;
}

/** The table's rows are written through this, so that each reads its own call. */
export const defineTool = <const H extends Header, const B extends BodyKind>(tool: Tool<H, B>): Tool<H, B> => tool;

export const right = (text: string): ToolResult => ({ ok: true, text });
export const wrong = (text: string): ToolResult => ({ ok: false, text });

/**
 * Runs a call that was read by the tool's form; throws only when the task is to end. A call whose result was lost with its
 * server is run again when it only looks or edits, since that changes nothing outside of the overlay.
 */
export async function runTool(tool: Tool, call: Call, context: ToolContext): Promise<ToolResult> {
  try {
    return await tool.run(call, context);
  } catch (thrown) {
    context.signal.throwIfAborted();
    // Every refusal of the workspace is one sentence that the model may read; anything else is not its fault.
    if (thrown instanceof OspainError && thrown.code !== 'internal') return wrong(thrown.message);
    throw thrown;
  }
}
