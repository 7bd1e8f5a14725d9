import { type Note, OspainError } from '../../protocol/index.ts';

export interface NoteRow {
  number: number;
  id: string;
  path: string;
  key: string;
  title: string;
  version: number;
  size: number;
  tags: string;
  boxes: number;
  boxes_done: number;
  change: number;
  created_at: number;
  updated_at: number;
}

export const toNote = (row: NoteRow): Note => ({
  id: row.id,
  path: row.path,
  title: row.title,
  tags: JSON.parse(row.tags) as string[],
  version: row.version,
  size: row.size,
  boxes: { total: row.boxes, done: row.boxes_done },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const noNote = (named: string): OspainError =>
  new OspainError('not_found', `There is no note ${JSON.stringify(named.slice(0, 100).toWellFormed())}.`, {
    hint: 'It may have been moved or removed; search for its words.',
  });
