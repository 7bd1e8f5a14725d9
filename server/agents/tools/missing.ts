import { noSuchFile } from '../prompts.ts';
import { nearestPath, type Place, shown } from '../workspacePaths.ts';
import { type ToolContext, type ToolResult, wrong } from './tool.ts';

/** That there is no such file, and which was probably meant. */
export async function missing(place: Place, { overlay, signal }: ToolContext): Promise<ToolResult> {
  const { paths } = await overlay.list('.', signal);
  return wrong(noSuchFile(shown(place.path), nearestPath(place.path, paths)));
}
