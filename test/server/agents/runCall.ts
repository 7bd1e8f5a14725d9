import { type Call, parseCall, renderCall } from '../../../server/agents/format.ts';
import { runTool, type ToolContext, type ToolResult, wrong } from '../../../server/agents/tools/tool.ts';
import { formsOf, type ToolSet, toolNamed, toolsOf } from '../../../server/agents/tools/toolSet.ts';

/** Runs a call as a model makes it: written, read and done by the tools of a set. */
export async function runCall(call: Call, context: ToolContext, tools: ToolSet = toolsOf('full')): Promise<ToolResult> {
  const parsed = parseCall(renderCall(call), formsOf(tools));
  return parsed.ok ? runTool(toolNamed(tools, call.tool), parsed.call, context) : wrong(parsed.problem);
}
