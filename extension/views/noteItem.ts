import type { Note } from '../../protocol/notes.ts';
import { oneLine } from '../../protocol/quantities.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

type Clock = (at: number) => string;

/** Tags that a row says; the tooltip says all that the list tells. */
const SHOWN_TAGS = 3;

export function noteLook({ path, title, tags, boxes, updatedAt }: Note, clock: Clock): Look {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/i, '');
  const done = boxes.total === 0 ? [] : [`${boxes.done} of ${boxes.total} done`];
  const tagged = tags.slice(0, SHOWN_TAGS).map((tag) => `#${tag}`);
  const other = title === name ? [] : [oneLine(title, 60)];
  const description = [...other, ...done, tagged.join(' ')].filter((part) => part !== '').join(' · ');
  return {
    label: name,
    description,
    icon: { id: boxes.total > 0 && boxes.done === boxes.total ? 'pass' : 'note' },
    tooltip: [
      `**${escapeMarkdown(oneLine(title, 200))}**`,
      escapeMarkdown(path),
      ...(tags.length > 0 ? [escapeMarkdown(tags.map((tag) => `#${tag}`).join(' '))] : []),
      `Changed ${clock(updatedAt)}`,
    ].join('\n\n'),
    spoken: `Note ${name}, ${description}`,
    contextValue: 'note',
  };
}

export const folderLook = (path: string): Look => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return plainLook(name, 'folder', 'noteFolder', `Folder ${name}`);
};

export const tagLook = (tag: string, notes: number): Look => ({
  ...plainLook(`#${tag}`, 'tag', 'noteTag', `Tag ${tag}, ${notes} notes`),
  description: String(notes),
});

export const allTagsLook = (): Look => plainLook('Tags', 'tag', 'noteTags', 'Tags of notes');

const plainLook = (label: string, icon: string, contextValue: string, spoken: string): Look => ({
  ...{ label, description: '', icon: { id: icon }, tooltip: escapeMarkdown(label), spoken, contextValue },
});
