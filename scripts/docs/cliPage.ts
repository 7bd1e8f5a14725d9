import type { Command } from 'commander';
import { commandTree, leavesOf } from './commandTree.ts';

const INTRODUCTION = `# Command line

What \`ospain2 --help\` and the help of each command say, made by \`npm run docs\` of the program itself. [guide.md](guide.md) begins at the beginning.
`;

/** docs/cli.md */
export function cliPage(): string {
  const { program, written } = commandTree();
  const help = (command: Command): string => {
    command.outputHelp();
    return written().trimEnd();
  };
  const groups = new Map<string, string[]>();
  for (const { path, command } of leavesOf(program)) {
    const group = path.split(' ').slice(0, 2).join(' ');
    groups.set(group, [...(groups.get(group) ?? []), section(path, help(command))]);
  }
  const contents = [...groups.keys()].map(
    (group) => `[${group.replace('ospain2 ', '')}](#${group.replaceAll(' ', '-')})`,
  );
  const parts = [...groups].map(([group, sections]) => `## ${group}\n\n${sections.join('\n')}`);
  return [INTRODUCTION, contents.join(' · '), '', '## ospain2', '', fenced(help(program)), '', ...parts].join('\n');
}

const section = (path: string, help: string): string => `### ${path}\n\n${fenced(help)}\n`;

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
