import type { Note } from '../../protocol/notes.ts';
import { formatCount, oneLine } from '../../protocol/quantities.ts';
import { plural, t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

type Clock = (at: number) => string;

/** Tags that a row says; the tooltip says all that the list tells. */
const SHOWN_TAGS = 3;

export function noteLook({ path, title, tags, boxes, updatedAt }: Note, clock: Clock): Look {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/i, '');
  const done = boxes.total === 0 ? [] : [t('{0} of {1} done', boxes.done, boxes.total)];
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
      t('Changed {0}', clock(updatedAt)),
    ].join('\n\n'),
    spoken: t('Note {0}, {1}', name, description),
    contextValue: 'note',
  };
}

export const folderLook = (path: string): Look => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return plainLook(name, 'folder', 'noteFolder', t('Folder {0}', name));
};

export const tagLook = (tag: string, notes: number): Look => ({
  ...plainLook(`#${tag}`, 'tag', 'noteTag', plural('Tag {1}, {0} note|Tag {1}, {0} notes', notes, tag)),
  description: formatCount(notes),
});

export const allTagsLook = (): Look => plainLook(t('Tags'), 'tag', 'noteTags', t('Tags of notes'));

const plainLook = (label: string, icon: string, contextValue: string, spoken: string): Look => ({
  ...{ label, description: '', icon: { id: icon }, tooltip: escapeMarkdown(label), spoken, contextValue },
});
