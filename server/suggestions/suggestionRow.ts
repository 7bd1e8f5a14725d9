import type { About, Suggestion, SuggestionPart, SuggestionStatus, WireError } from '../../protocol/index.ts';
import type { NewPart } from './matter.ts';

/** A row of `suggestions` with what lies in other tables. */
export interface SuggestionRow {
  number: number;
  id: string;
  about: About;
  note: number | null;
  note_id: string | null;
  note_path: string | null;
  item_id: string | null;
  item_title: string | null;
  week: string | null;
  status: SuggestionStatus;
  asked_model: string;
  task_id: number | null;
  task_uid: string | null;
  task_error: string | null;
  matter: string | null;
  basis: string;
  reason: string;
  parts: string;
  model: string | null;
  created_at: number;
  updated_at: number;
}

export const SELECT_SUGGESTION = `SELECT s.*, n.id AS note_id, n.path AS note_path, i.title AS item_title,
  t.uid AS task_uid, t.error AS task_error
FROM suggestions s LEFT JOIN notes n ON n.number = s.note LEFT JOIN items i ON i.id = s.item_id
  LEFT JOIN tasks t ON t.id = s.task_id`;

export const partsOf = ({ parts }: Pick<SuggestionRow, 'parts'>): SuggestionPart[] =>
  JSON.parse(parts) as SuggestionPart[];

export const openParts = (parts: readonly NewPart[]): SuggestionPart[] =>
  parts.map(({ text, line, reason }) => ({ text, line, reason, status: 'open' }));

export const toSuggestion = (row: SuggestionRow, stale: boolean): Suggestion => ({
  id: row.id,
  number: row.number,
  about: row.about,
  of: subjectOf(row),
  name: row.note_path ?? row.item_title ?? row.week ?? '',
  status: row.status,
  reason: row.reason,
  parts: partsOf(row),
  model: row.model,
  taskId: row.task_uid,
  stale,
  error: row.status === 'failed' && row.task_error !== null ? (JSON.parse(row.task_error) as WireError) : null,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

function subjectOf({ note_id, item_id, week }: SuggestionRow): Suggestion['of'] {
  if (note_id !== null) return { note: note_id };
  return item_id === null ? { week: week ?? '' } : { item: item_id };
}
