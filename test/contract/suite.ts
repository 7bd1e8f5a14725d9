import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type Carrier,
  type Client,
  createClient,
  ErrorCodeSchema,
  type MethodName,
  methods,
  OspainError,
  type Params,
  type Task,
  type TaskEvent,
} from '../../protocol/index.ts';
import { junkRequests } from './junk.ts';

/** What the suite runs over: one carrier, subscribed to notifications, and the end of everything behind it. */
export interface Peer {
  carrier: Carrier;
  close(): Promise<void>;
}

const template = { instruction: 'Tidy up.' };

const cursor = { line: 0, character: 6 };
const spot = {
  path: 'src/limits.ts',
  language: 'typescript',
  text: 'const a = 1;\n',
  range: { start: cursor, end: cursor },
};

/** Params that each method takes, and what it answers: `ok` or an error that is no fault of the params. */
const examples: { [M in MethodName]: { params(task: Task): Params<M>; answer: 'ok' | string } } = {
  'task/submit': { params: () => ({ kind: 'ask', instruction: 'What is this?' }), answer: 'ok' },
  'task/list': { params: () => ({ status: ['pending', 'cancelled'], limit: 10 }), answer: 'ok' },
  'task/search': { params: () => ({ text: 'what', status: ['pending'], limit: 10 }), answer: 'ok' },
  'task/show': { params: ({ id }) => ({ taskId: id }), answer: 'ok' },
  'task/graph': { params: ({ id }) => ({ taskId: id }), answer: 'ok' },
  'task/events': { params: ({ number }) => ({ taskId: String(number), after: 0 }), answer: 'ok' },
  'task/cancel': { params: ({ id }) => ({ taskId: id }), answer: 'wrong_state' },
  'task/retry': { params: ({ id }) => ({ taskId: id }), answer: 'ok' },
  'task/pause': { params: ({ id }) => ({ taskId: id }), answer: 'wrong_state' },
  'task/resume': { params: ({ id }) => ({ taskId: id }), answer: 'wrong_state' },
  'task/prioritize': { params: ({ id }) => ({ taskId: id, priority: 7 }), answer: 'wrong_state' },
  'task/duplicate': { params: ({ id }) => ({ taskId: id }), answer: 'ok' },
  'task/steps': { params: ({ id }) => ({ taskId: id }), answer: 'ok' },
  'codeIndex/search': { params: () => ({ query: 'where is it' }), answer: 'ok' },
  'codeIndex/status': { params: () => ({}), answer: 'ok' },
  'codeIndex/refresh': { params: () => ({}), answer: 'ok' },
  'queue/show': { params: () => ({}), answer: 'ok' },
  'queue/pause': { params: () => ({}), answer: 'ok' },
  'queue/resume': { params: () => ({}), answer: 'ok' },
  'action/list': { params: () => spot, answer: 'ok' },
  // What the editor has is not what is on disk.
  'action/run': { params: () => ({ ...spot, name: 'document', said: 'One.' }), answer: 'wrong_state' },
  'action/lenses': { params: () => ({ path: 'a.ts', language: 'typescript', text: '' }), answer: 'ok' },
  'action/commitMessage': { params: () => ({ diff: '' }), answer: 'not_taught' },
  'proposal/show': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'proposal/accept': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'proposal/reject': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'proposal/merge': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'proposal/conflicts': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'proposal/undo': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'approval/list': { params: () => ({ status: ['open'] }), answer: 'ok' },
  'approval/show': { params: () => ({ approvalId: 999 }), answer: 'not_found' },
  'approval/answer': { params: () => ({ approvalId: 999, answer: 'allow', remember: 'task' }), answer: 'not_found' },
  'approval/rules': { params: () => ({}), answer: 'ok' },
  'approval/addRule': {
    params: () => ({ rule: { tool: 'run_command', command: 'make', does: 'ask' }, scope: 'workspace' }),
    answer: 'ok',
  },
  'approval/removeRule': { params: () => ({ rule: { tool: 'nothing', does: 'ask' } }), answer: 'not_found' },
  'approval/forget': { params: () => ({ ruleId: 999 }), answer: 'not_found' },
  'plan/show': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'plan/edit': {
    params: ({ id }) => ({ taskId: id, parts: [{ instruction: 'Add a test.' }] }),
    answer: 'not_found',
  },
  'plan/start': { params: ({ id }) => ({ taskId: id }), answer: 'not_found' },
  'schedule/create': {
    params: () => ({ when: { cron: '0 2 1 1 *', timeZone: 'UTC' }, template }),
    answer: 'ok',
  },
  'note/list': { params: () => ({ folder: 'work', tag: 'urgent', order: 'updated', limit: 10 }), answer: 'ok' },
  'note/folders': { params: () => ({}), answer: 'ok' },
  'note/tags': { params: () => ({ prefix: 'ur' }), answer: 'ok' },
  'note/stat': { params: () => ({ note: 'none.md' }), answer: 'not_found' },
  'note/show': { params: () => ({ note: 'none.md' }), answer: 'not_found' },
  'note/save': { params: () => ({ path: 'work/idea.md', text: '# Idea', base: null }), answer: 'ok' },
  'note/merge': { params: () => ({ note: 'none.md', base: 1, text: '' }), answer: 'not_found' },
  'note/move': { params: () => ({ from: 'none.md', to: 'one.md' }), answer: 'not_found' },
  'note/remove': { params: () => ({ note: 'none.md' }), answer: 'not_found' },
  'note/search': { params: () => ({ text: 'idea #work' }), answer: 'ok' },
  'note/find': { params: () => ({ text: 'id' }), answer: 'ok' },
  'note/daily': { params: () => ({ date: '2026-11-23' }), answer: 'ok' },
  'note/tag': { params: () => ({ note: 'none.md', add: ['work'] }), answer: 'not_found' },
  'note/boxes': { params: () => ({ done: false }), answer: 'ok' },
  'note/mark': { params: () => ({ note: 'none.md', line: 1 }), answer: 'not_found' },
  'note/tick': { params: () => ({ note: 'none.md', box: 'abc', done: true }), answer: 'not_found' },
  'note/versions': { params: () => ({ note: 'none.md' }), answer: 'not_found' },
  'note/import': { params: () => ({ folder: resolve('/no/such/folder') }), answer: 'not_found' },
  'note/export': { params: () => ({ folder: resolve('/no/such/folder') }), answer: 'not_found' },
  'note/version': { params: () => ({ note: 'none.md', version: 1 }), answer: 'not_found' },
  'schedule/list': { params: () => ({}), answer: 'ok' },
  'schedule/enable': { params: () => ({ scheduleId: '999', enabled: false }), answer: 'not_found' },
  'schedule/run': { params: () => ({ scheduleId: '999' }), answer: 'not_found' },
  'schedule/remove': { params: () => ({ scheduleId: '999' }), answer: 'not_found' },
  'schedule/runs': { params: () => ({ scheduleId: '999' }), answer: 'not_found' },
  'audit/list': { params: () => ({ limit: 5, types: ['key'], since: 0 }), answer: 'ok' },
  'audit/verify': { params: () => ({}), answer: 'ok' },
  'audit/export': {
    params: () => ({ path: resolve('/no/such/folder/audit.jsonl'), confirm: 'plain text' }),
    answer: 'not_found',
  },
  'audit/prune': { params: () => ({ before: 0 }), answer: 'ok' },
  'backup/create': { params: () => ({ path: resolve('/no/such/folder/backup.db') }), answer: 'not_found' },
  'backup/restore': { params: () => ({ path: resolve('/no/such/folder/backup.db') }), answer: 'not_found' },
  'backup/export': {
    params: () => ({ path: resolve('/no/such/folder/tasks.jsonl'), confirm: 'plain text' }),
    answer: 'not_found',
  },
  'model/list': { params: () => ({}), answer: 'ok' },
  'model/show': { params: () => ({ model: 'no-such-model' }), answer: 'model_missing' },
  'model/import': { params: () => ({ path: resolve('/no/such/model.gguf') }), answer: 'not_found' },
  'model/remove': { params: () => ({ model: 'no-such-model@1.0.0' }), answer: 'model_missing' },
  'model/setAlias': { params: () => ({ alias: 'fast', model: 'no-such-model' }), answer: 'model_missing' },
  'model/removeAlias': { params: () => ({ alias: 'nothing' }), answer: 'not_found' },
  'model/tag': { params: () => ({ model: 'no-such-model', add: ['good'] }), answer: 'model_missing' },
  'model/verify': { params: () => ({ model: 'no-such-model' }), answer: 'model_missing' },
  'model/benchmark': { params: () => ({ model: 'no-such-model' }), answer: 'model_missing' },
  'model/adoptable': { params: () => ({}), answer: 'ok' },
  'model/adopt': { params: () => ({ path: resolve('/no/such/model.gguf') }), answer: 'not_found' },
  'model/catalogue': { params: () => ({ task: 'chat' }), answer: 'ok' },
  'model/collect': { params: () => ({ dryRun: true }), answer: 'ok' },
  // Nobody listens at the port of "discard".
  'pull/start': { params: () => ({ source: 'http://127.0.0.1:9/model.gguf' }), answer: 'ok' },
  'pull/list': { params: () => ({}), answer: 'ok' },
  'pull/show': { params: () => ({ pullId: 'none' }), answer: 'not_found' },
  'pull/cancel': { params: () => ({ pullId: 'none' }), answer: 'not_found' },
  'pull/resume': { params: () => ({ pullId: 'none' }), answer: 'not_found' },
  'egress/list': { params: () => ({ limit: 10 }), answer: 'ok' },
  'privacy/show': { params: () => ({}), answer: 'ok' },
  'model/readings': { params: () => ({ since: 1 }), answer: 'ok' },
  'upload/start': { params: () => ({ name: 'half', bytes: 100 }), answer: 'ok' },
  'upload/show': { params: () => ({ uploadId: 'none' }), answer: 'not_found' },
  'upload/finish': { params: () => ({ uploadId: 'none' }), answer: 'not_found' },
  'upload/cancel': { params: () => ({ uploadId: 'none' }), answer: 'not_found' },
  'upload/send': {
    params: () => ({ path: resolve('/no/such/file.gguf'), name: 'x', url: 'http://127.0.0.1:1', token: 'x' }),
    answer: 'not_found',
  },
  'model/load': { params: () => ({ model: 'no-such-model' }), answer: 'model_missing' },
  'model/unload': { params: () => ({ model: 'no-such-model' }), answer: 'model_missing' },
  'model/pin': { params: () => ({ model: 'no-such-model', pinned: true }), answer: 'model_missing' },
  'inference/chat': {
    params: () => ({ model: 'no-such-model', messages: [{ role: 'user', text: 'Hello.' }] }),
    answer: 'model_missing',
  },
  'inference/complete': { params: () => ({ model: 'no-such-model', prompt: 'Once' }), answer: 'model_missing' },
  'completion/inline': {
    params: () => ({ path: 'a.ts', language: 'typescript', prefix: 'const a = ', suffix: ';' }),
    answer: 'ok',
  },
  'image/status': { params: () => ({}), answer: 'containers_missing' },
  'image/build': { params: () => ({ node: '/nowhere/node' }), answer: 'containers_missing' },
  'image/remove': { params: () => ({}), answer: 'containers_missing' },
  'inference/embed': { params: () => ({ model: 'no-such-model', texts: ['word'] }), answer: 'model_missing' },
  'keys/status': { params: () => ({}), answer: 'ok' },
  'keys/unlock': { params: () => ({ passphrase: 'of something that is open' }), answer: 'ok' },
  'keys/lock': { params: () => ({}), answer: 'wrong_state' },
  'keys/setPassphrase': { params: () => ({ passphrase: 'short' }), answer: 'invalid_params' },
  'keys/changePassphrase': { params: () => ({ passphrase: 'none', next: 'short' }), answer: 'wrong_state' },
  'keys/useStore': { params: () => ({ store: 'file' }), answer: 'ok' },
  'keys/rotate': { params: () => ({ finish: true }), answer: 'ok' },
  'keys/createRecovery': { params: () => ({}), answer: 'ok' },
  'keys/recover': {
    params: () => ({ recoveryKey: 'not one', keep: { store: 'file' as const } }),
    answer: 'invalid_params',
  },
  'keys/setAside': { params: () => ({ confirm: 'start afresh' as const }), answer: 'ok' },
  'api/show': { params: () => ({}), answer: 'ok' },
  'api/start': { params: () => ({ port: 0 }), answer: 'ok' },
  'api/stop': { params: () => ({}), answer: 'ok' },
  'api/showToken': { params: () => ({}), answer: 'ok' },
  'api/rotateToken': { params: () => ({}), answer: 'ok' },
  // The API was stopped by the one before.
  'hub/open': { params: () => ({}), answer: 'wrong_state' },
  'hub/signOut': { params: () => ({}), answer: 'ok' },
  'server/trust': { params: () => ({ trust: 'assumed' }), answer: 'ok' },
  'server/settings': { params: () => ({}), answer: 'ok' },
  'server/status': { params: () => ({}), answer: 'ok' },
  'mcp/list': { params: () => ({}), answer: 'ok' },
  'mcp/allow': { params: () => ({ name: 'nobody', runs: 'node' }), answer: 'not_found' },
  'mcp/forbid': { params: () => ({ name: 'nobody' }), answer: 'not_found' },
  'mcp/restart': { params: () => ({ name: 'nobody' }), answer: 'not_found' },
  'mcp/log': { params: () => ({ name: 'nobody' }), answer: 'not_found' },
  'workspace/search': { params: () => ({ text: 'RETRY_MAX' }), answer: 'ok' },
  'item/add': { params: () => ({ title: 'Late.', before: 'gone' }), answer: 'not_found' },
  'item/list': { params: () => ({ horizon: ['now'], done: false, limit: 10 }), answer: 'ok' },
  'suggestion/ask': { params: () => ({ about: 'tags', of: { item: '7' } }), answer: 'not_found' },
  'suggestion/list': { params: () => ({ status: ['open'], limit: 10 }), answer: 'ok' },
  'suggestion/show': { params: () => ({ suggestionId: '999' }), answer: 'not_found' },
  'suggestion/accept': { params: () => ({ suggestionId: '999', parts: [0] }), answer: 'not_found' },
  'suggestion/dismiss': { params: () => ({ suggestionId: '999' }), answer: 'not_found' },
  'item/show': { params: () => ({ itemId: '7' }), answer: 'not_found' },
  'item/change': { params: () => ({ itemId: '7', done: true }), answer: 'not_found' },
  'item/move': { params: () => ({ itemId: '7', horizon: 'now' }), answer: 'not_found' },
  'item/remove': { params: () => ({ itemId: '7' }), answer: 'not_found' },
  'item/undo': { params: () => ({}), answer: 'wrong_state' },
  'item/redo': { params: () => ({}), answer: 'wrong_state' },
  'item/start': { params: () => ({ itemId: '7' }), answer: 'not_found' },
  'horizon/capacity': { params: () => ({ today: '2026-11-23' }), answer: 'ok' },
  'horizon/setCapacity': { params: () => ({ minutes: 600 }), answer: 'ok' },
  'horizon/tonight': { params: () => ({ minutes: 480 }), answer: 'ok' },
  'horizon/fill': { params: () => ({ itemIds: ['7'] }), answer: 'not_found' },
  'horizon/progress': { params: () => ({ from: '2026-11-01', to: '2026-11-30' }), answer: 'ok' },
  'horizon/export': { params: () => ({ format: 'icalendar' }), answer: 'ok' },
  'server/diagnostics': { params: () => ({}), answer: 'ok' },
};

const wrongParams: Partial<Record<MethodName, unknown[]>> = {
  'schedule/create': [
    {},
    { when: { at: 1 } },
    { when: {}, template },
    { when: { cron: '* * * * *', at: 1 }, template },
    { when: { at: -1 }, template },
    { when: { at: 9e12 }, template, conditions: ['rain'] },
    { when: { at: 9e12 }, template, misfire: 'never' },
    { when: { at: 9e12 }, template: { instruction: ' ' } },
  ],
  'note/list': [{ limit: 0 }, { order: 'size' }],
  'note/save': [
    { path: 'a.md', text: 'a' },
    { path: '', text: '', base: null },
    { path: 'a.md', text: '', base: 0 },
  ],
  'note/import': [{ folder: 'relative' }, { folder: '' }],
  'note/export': [{ folder: 'relative' }, { folder: '/x', overwrite: 'yes' }],
  'note/search': [{ text: ' ' }, { text: 'a', limit: 1000 }],
  'note/daily': [{ date: '2026-02-30' }, { date: 'today' }],
  'note/tag': [
    { note: 'a.md', add: ['two words'] },
    { note: 'a.md', add: ['12'] },
  ],
  'note/tick': [{ note: 'a.md', box: 0, done: true }],
  'schedule/enable': [{ scheduleId: '1' }, { scheduleId: '', enabled: true }],
  'schedule/run': [{}, { scheduleId: '1', taskId: 'mine' }],
  'schedule/remove': [{}],
  'schedule/runs': [{}, { scheduleId: '1', limit: 0 }],
  'task/submit': [
    {},
    { instruction: ' ' },
    { instruction: 'a', kind: 'sing' },
    { instruction: 'a', id: 'no-uuid' },
    { instruction: 'a', priority: -1 },
    { instruction: 'a', priority: 1.5 },
    { instruction: 'a', notBefore: -1 },
    { instruction: 'a', maxAttempts: 0 },
    { instruction: 'a', parentId: '' },
    { instruction: 'a', dependsOn: ['1'] },
    { instruction: 'a', dependsOn: [{ taskId: '1', onFailure: 'wait' }] },
  ],
  'task/list': [{ status: 'done' }, { limit: 0 }, { limit: 1.5 }, { before: '3' }, { parentId: 3 }],
  'task/search': [{ text: 3 }, { text: 'a'.repeat(201) }, { status: 'done' }, { kind: ['song'] }, { before: 0 }],
  'task/graph': [{}, { taskId: '1', limit: 501 }],
  'task/retry': [{ taskId: '1', fromStep: 0 }],
  'task/prioritize': [{ taskId: '1' }, { taskId: '1', priority: -1 }],
  'task/events': [{}, { taskId: '1', after: -1 }, { taskId: '1', limit: 100_000 }],
  'api/start': [{ port: -1 }, { port: 65_536 }, { port: '3100' }, { lan: 'yes' }],
  'model/load': [{}, { model: '' }],
  'model/unload': [{}, { model: 7 }],
  'model/pin': [{ model: 'a' }, { pinned: true }, { model: 'a', pinned: 'yes' }],
  'audit/list': [{ limit: 0 }, { limit: 1001 }, { since: 'today' }, { types: 'key' }, { before: { workspace: 1 } }],
  'audit/export': [{}, { path: '/audit.jsonl' }, { path: 'relative.jsonl', confirm: 'plain text' }],
  'audit/prune': [{}, { before: '1d' }],
  'backup/create': [{}, { path: '' }, { path: 'relative.db' }],
  'model/show': [{}, { model: '' }, { model: 7 }],
  'model/import': [
    {},
    { path: '' },
    { path: 'relative.gguf' },
    { path: '/a.gguf', name: '../x' },
    { path: '/a.gguf', name: 'a/b' },
    { path: '/a.gguf', name: 'a..b' },
    { path: '/a.gguf', name: '-f' },
    { path: '/a.gguf', name: 'x'.repeat(129) },
    { path: '/a.gguf', version: '1.0' },
    { path: '/a.gguf', version: '01.0.0' },
    { path: '/a.gguf', alias: 'a b' },
    { path: '/a.gguf', how: 'steal' },
  ],
  'model/remove': [{}, { model: '' }],
  'model/setAlias': [{}, { alias: '..', model: 'a' }, { alias: 'a/b', model: 'a' }, { alias: 'a' }],
  'model/removeAlias': [{}, { alias: '' }],
  'model/tag': [{}, { model: 'a', add: ['b c'] }, { model: 'a', add: 'b' }],
  'model/verify': [{}, { model: '' }],
  'model/adopt': [{}, { path: '' }, { path: '/a', name: '../b' }],
  'model/catalogue': [{ task: 'sing' }],
  'model/benchmark': [{}, { model: '' }],
  'model/collect': [{ dryRun: 1 }],
  'upload/start': [
    {},
    { name: 'a' },
    { name: '../a', bytes: 1 },
    { name: 'a', bytes: 0 },
    { name: 'a', bytes: 1.5 },
    { name: 'a', bytes: 1, sha256: 'abc' },
    { name: 'a', bytes: 1, version: 'newest' },
  ],
  'pull/start': [{}, { source: '' }, { source: 'hf:a/b', name: '../x' }, { source: 'hf:a/b', version: '1' }],
  'pull/show': [{}, { pullId: '' }],
  'pull/cancel': [{}],
  'approval/list': [{ status: 'open' }, { status: ['asked'] }, { limit: 0 }],
  'approval/show': [{}, { approvalId: '1' }],
  'approval/answer': [
    {},
    { approvalId: 1 },
    { approvalId: 1, answer: 'yes' },
    { approvalId: 1, answer: 'allow', remember: 'always' },
    { approvalId: 1, answer: 'allow', text: 'x'.repeat(70_000) },
  ],
  'approval/addRule': [
    { rule: { tool: 'run_command', does: 'allow' } },
    { rule: { tool: '', does: 'allow' }, scope: 'user' },
    { rule: { tool: 'run_command', does: 'allow' }, scope: 'folder' },
  ],
  'approval/removeRule': [{}, { rule: { tool: 'a' } }],
  'approval/forget': [{}, { ruleId: 1.5 }],
  'model/readings': [{ since: -1 }],
  'keys/unlock': [{}, { passphrase: 7 }, { passphrase: 'x'.repeat(2000) }],
  'keys/setPassphrase': [{}],
  'keys/changePassphrase': [{}, { passphrase: 'x' }],
  'keys/useStore': [{}, { store: 'cloud' }, { store: 'passphrase' }],
  'keys/rotate': [{ finish: 1 }],
  'keys/recover': [{}, { recoveryKey: 'x', keep: { store: 'passphrase' } }],
  'keys/setAside': [{}, { confirm: 'yes' }],
  'server/trust': [{}, { trust: true }],
  'pull/resume': [{}, { pullId: 'a', hosts: 'b' }, { pullId: 'a', name: '../b' }],
  'image/build': [{ node: 7 }],
  'egress/list': [{ limit: 0 }],
  'upload/show': [{}, { uploadId: '' }],
  'upload/finish': [{}],
  'upload/cancel': [{}],
  'upload/send': [{}, { path: '/x.gguf', name: '../x', url: 'http://127.0.0.1:1', token: 'x' }],
  'item/add': [{}, { title: ' ' }, { title: 'x', due: '2026-02-30' }, { title: 'x', tags: ['two words'] }],
  'suggestion/ask': [
    {},
    { about: 'luck', of: { item: '7' } },
    { about: 'tags', of: {} },
    { about: 'tags', of: { item: '7', note: 'a.md' } },
    { about: 'review', of: { week: '2026-02-30' } },
  ],
  'suggestion/list': [{ limit: 0 }],
  'suggestion/accept': [{}, { suggestionId: '1', parts: [] }, { suggestionId: '1', parts: [-1] }],
  'item/show': [{}],
  'item/change': [{}, { itemId: '1', estimate: 0 }, { itemId: '1', due: '2026-11-23T00:00:00Z' }],
  'item/move': [{}, { itemId: '1' }, { itemId: '1', horizon: 'soon' }],
  'item/undo': [{ change: 'last' }],
  'horizon/fill': [{}, { itemIds: [] }],
  'horizon/setCapacity': [{}, { minutes: -1 }],
  'horizon/export': [{}, { format: 'pdf' }],
  'backup/restore': [{}, { path: 7 }, { path: 'relative.db' }],
  'backup/export': [{ path: '/tasks.jsonl' }, { path: '/tasks.jsonl', confirm: 'yes' }],
};

export function contract(carrierName: string, open: () => Promise<Peer>): void {
  describe(`contract over ${carrierName}`, { timeout: 300_000 }, () => {
    let peer: Peer;
    let client: Client;
    const submit = async (instruction = 'What is this?') =>
      (await client.request('task/submit', { kind: 'ask', instruction })).task;
    /** A task that has ended: cancelled, unless it failed before. Nothing of it changes any more by itself. */
    const submitEnded = async () => {
      const { id } = await submit();
      const { code } = await settle(peer.carrier, 'task/cancel', { taskId: id });
      assert.ok(code === 'ok' || code === 'wrong_state');
      return await untilEnded(client, id);
    };

    before(async () => {
      peer = await open();
      client = createClient(peer.carrier);
    });
    after(() => peer?.close());

    for (const [method, { params, answer }] of Object.entries(examples))
      it(`${method} takes its params and answers ${answer}`, async () => {
        const task = await submitEnded();
        const outcome = await settle(peer.carrier, method, params(task));
        assert.equal(outcome.code, answer);
        if (outcome.code === 'ok') methods[method as MethodName].result.parse(outcome.result);
      });

    for (const method of Object.keys(methods) as MethodName[])
      it(`${method} refuses wrong params`, async () => {
        const common = [5, 'text', true, [], [{}]];
        const ofTask: unknown[] = 'taskId' in methods[method].params.shape ? [{ taskId: 5 }, { taskId: '' }] : [];
        if (ofTask.length > 0 && method !== 'approval/list') ofTask.push({});
        for (const params of [...common, ...ofTask, ...(wrongParams[method] ?? [])])
          assert.equal((await settle(peer.carrier, method, params)).code, 'invalid_params', JSON.stringify(params));
      });

    it('refuses methods that are not in the table', async () => {
      for (const method of ['task/sing', 'task', 'toString', '__proto__', 'constructor', '$/nothing', 'task/list/all'])
        assert.equal((await settle(peer.carrier, method, {})).code, 'unknown_method', method);
    });

    it('carries an error whole: code, message and hint', async () => {
      await assert.rejects(client.request('task/show', { taskId: '999999' }), (error) => {
        assert.ok(error instanceof OspainError);
        assert.equal(error.code, 'not_found');
        assert.match(error.message, /999999/);
        return true;
      });
    });

    it('submitting the same id twice makes one task', async () => {
      const params = { id: crypto.randomUUID(), kind: 'ask', instruction: 'Once.' } as const;
      const [one, two] = await Promise.all([
        client.request('task/submit', params),
        client.request('task/submit', params),
      ]);
      assert.equal(one.task.number, two.task.number);
    });

    it('tells every event in order, and the log repeats it', async () => {
      const heard = new Map<string, TaskEvent[]>();
      const stop = client.on('task/didEvent', ({ event }) => {
        heard.set(event.taskId, [...(heard.get(event.taskId) ?? []), event]);
      });
      const tasks = await Promise.all(Array.from({ length: 10 }, submitEnded));
      for (const { id, lastSeq } of tasks) {
        await until(() => heard.get(id)?.at(-1)?.seq === lastSeq);
        const { events } = await client.request('task/events', { taskId: id });
        assert.deepEqual(heard.get(id), events);
        assert.deepEqual(
          events.map(({ seq }) => seq),
          Array.from({ length: lastSeq }, (_, index) => index + 1),
        );
        const { events: tail } = await client.request('task/events', { taskId: id, after: 1, limit: 1 });
        assert.deepEqual(tail, events.slice(1, 2));
      }
      stop();
    });

    it('lives through 1,000 requests of junk and loses nothing', async () => {
      const kept = await submitEnded();
      for (const { method, params } of junkRequests(1000)) {
        const { code } = await settle(peer.carrier, method, params);
        assert.ok(EXPECTED.includes(code), `${code} ${method}`);
      }
      assert.deepEqual((await client.request('task/show', { taskId: kept.id })).task, kept);
      assert.equal((await client.request('server/status', {})).protocol, 1);
    });
  });
}

/** What junk may be answered; `conflict` when it starts the API and another program has the port. */
const EXPECTED = [
  'containers_missing',
  'ok',
  'invalid_params',
  'unknown_method',
  'not_found',
  'too_large',
  'wrong_state',
  'conflict',
  'path_outside',
];

/** The outcome of a request as one word, with its result. */
async function settle(carrier: Carrier, method: string, params: unknown): Promise<{ code: string; result?: unknown }> {
  try {
    return { code: 'ok', result: await carrier.request(method, params) };
  } catch (error) {
    assert.ok(error instanceof OspainError, String(error));
    return { code: ErrorCodeSchema.parse(error.code) };
  }
}

async function untilEnded(client: Client, taskId: string): Promise<Task> {
  for (;;) {
    const { task } = await client.request('task/show', { taskId });
    if (['done', 'failed', 'cancelled'].includes(task.status)) return task;
    await pause();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause();
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
