import { renderForm } from '../format.ts';
import { bounded } from './listing.ts';
import { defineTool, right, type Tool } from './tool.ts';

/** Names shown of a family; of a larger one, how many there are. */
const MAX_NAMES = 4;

/** The way to the tools that a model is not told of from the start: by their families. */
export function createMoreTools(further: readonly Tool[]): Tool {
  const families = [...new Set(further.map(({ family }) => family))];
  const membersOf = (family: string): readonly Tool[] => further.filter((tool) => tool.family === family);
  const inBrief = (family: string): string => {
    const names = membersOf(family).map(({ name }) => name);
    return `${family} (${names.length > MAX_NAMES ? `${names.length} tools` : names.join(', ')})`;
  };
  return defineTool({
    name: 'more_tools',
    header: { family: families },
    body: 'none',
    example: { family: families[0] ?? '' },
    does: `shows how other tools are called: ${families.map(inBrief).join(', ')}.`,
    effect: 'look',
    family: 'tools',
    words: ({ family }) => ({ doing: `looking for tools: ${family}`, what: `look for tools: ${family}` }),
    run({ family }, { room }) {
      const members = membersOf(family).map((tool) => `${renderForm(tool)}\n`);
      return right(bounded(members, { complete: true, most: members.length, room, advice: 'they do not fit' }).trim());
    },
  });
}
