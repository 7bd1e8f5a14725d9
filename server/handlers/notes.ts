import type { Handlers } from '../dispatch.ts';
import { createFolderExport } from '../notes/folderExport.ts';
import { createFolderImport } from '../notes/folderImport.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';

type NoteHandlers = Pick<Handlers, Extract<keyof Handlers, `note/${string}`>>;

export function createNoteHandlers({ db, notes }: { db: Db; notes: Notes }): NoteHandlers {
  const importFolder = createFolderImport({ db, notes });
  const exportFolder = createFolderExport({ notes });
  return {
    'note/list': (params) => notes.list(params),
    'note/folders': () => notes.folders(),
    'note/tags': (params) => notes.tags(params),
    'note/stat': ({ note }) => ({ note: notes.stat(note) }),
    'note/show': ({ note }) => notes.show(note),
    'note/save': (params) => ({ note: notes.save(params) }),
    'note/merge': (params) => notes.merge(params),
    'note/move': (params) => notes.move(params),
    'note/remove': ({ note, base }) => notes.remove(note, base),
    'note/search': (params) => notes.search(params),
    'note/find': (params) => notes.find(params),
    'note/daily': ({ date }) => notes.daily(date),
    'note/tag': (params) => ({ note: notes.tag(params) }),
    'note/boxes': (params) => notes.boxes(params),
    'note/mark': ({ note, line, base }) => notes.mark(note, line, base),
    'note/tick': ({ note, box, done, base }) => notes.tick(note, box, done, base),
    'note/versions': ({ note }) => notes.versions(note),
    'note/version': ({ note, version }) => notes.version(note, version),
    'note/import': (params, { signal }) => importFolder(params, signal),
    'note/export': (params, { signal }) => exportFolder(params, signal),
  };
}
