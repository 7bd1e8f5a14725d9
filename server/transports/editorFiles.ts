import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connection, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** What the editor has open: it tells its changes, so a text is never asked for. */
export interface EditorFiles {
  get(uri: string): TextDocument | undefined;
  all(): TextDocument[];
  /** An open file, by its path inside the workspace. */
  at(path: string): TextDocument | undefined;
  /** Inside the workspace as the editor names it, with `/`; else absolute. Undefined for what is no file of this machine. */
  pathOf(uri: string): string | undefined;
}

/** `folder` is the workspace as the editor names it, once it did. */
export function listenToFiles(connection: Connection, folder: () => string): EditorFiles {
  const documents = new TextDocuments(TextDocument);
  documents.listen(connection);
  const pathOf = (uri: string): string | undefined => {
    let path: string;
    try {
      path = fileURLToPath(uri);
    } catch {
      return undefined;
    }
    const inside = relative(folder(), path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/');
  };
  return {
    get: (uri) => documents.get(uri),
    all: () => documents.all(),
    at: (path) => documents.all().find(({ uri }) => pathOf(uri) === path),
    pathOf,
  };
}
