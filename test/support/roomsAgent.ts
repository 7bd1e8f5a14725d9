import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCall } from '../../server/agents/format.ts';
import { writeScriptedModel } from './gguf/scriptedModel.ts';

const PATH = 'src/rooms.ts';
/** Edits of the agent, and how slow it is: enough for something to happen in between. */
const FLOORS = Array.from({ length: 8 }, (_, floor) => floor);
const SLOW = { layers: 4, width: 256, inner: 1024 };

const line = (floor: number, rooms: number) => `export const FLOOR_${floor} = ${rooms};`;

/** What `writeRoomsAgent` does in ten turns, with the file of `writeRooms`. */
export const ROOMS_TASK = { instruction: `One room more on each floor in ${PATH}` };

export const writeRooms = (workspace: string): void =>
  writeFileSync(join(workspace, PATH), FLOORS.map((floor) => `${line(floor, 4)}\n`).join(''));

/** Writes a model whose agent looks, edits line by line and says so. */
export function writeRoomsAgent(path: string): void {
  const edits = FLOORS.map((floor) => ({ search: line(floor, 4), replace: line(floor, 5) }));
  const answers = [
    renderCall({ tool: 'read_file', path: PATH, from: 1, to: 40 }),
    ...edits.map((edit) => renderCall({ tool: 'edit_file', path: PATH, body: [edit] })),
    renderCall({ tool: 'finish', outcome: 'done', body: 'There is one room more on each floor.' }),
  ];
  writeScriptedModel(path, [{ answers }], { contextLength: 8192, ...SLOW });
}
