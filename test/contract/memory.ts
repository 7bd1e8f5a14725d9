import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import {
  type CodeIndexStatus,
  type EventData,
  type EventType,
  type KeyStatus,
  type Note,
  type Notification,
  OspainError,
  PROTOCOL_VERSION,
  type Task,
  type TaskEvent,
} from '../../protocol/index.ts';
import { createDispatch, type Handlers } from '../../server/dispatch.ts';
import type { Served } from '../../server/transports/served.ts';

/** A core without storage and models, for tests of what lies between it and a client. */
export interface Memory extends Served {
  emit<T extends EventType>(taskId: string, type: T, data: EventData<T>): void;
  notify(notification: Notification): void;
}

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

export function createMemory(now: () => number = Date.now): Memory {
  const listeners = new Set<(notification: Notification) => void>();
  const tasks: Task[] = [];
  const events = new Map<string, TaskEvent[]>();
  const notify = (notification: Notification) => {
    for (const listener of listeners) listener(notification);
  };
  const find = (ref: string): Task => {
    const task = tasks.find(({ id, number }) => id === ref || String(number) === ref);
    if (task === undefined) throw new OspainError('not_found', `There is no task ${ref}.`, { hint: 'List the tasks.' });
    return task;
  };
  const emit = <T extends EventType>(ref: string, type: T, data: EventData<T>) => {
    const task = find(ref);
    task.lastSeq += 1;
    task.updatedAt = now();
    const event = { taskId: task.id, seq: task.lastSeq, at: now(), type, data } as TaskEvent;
    events.get(task.id)?.push(event);
    notify({ method: 'task/didEvent', params: { event } });
    notify({ method: 'task/didChange', params: { task: { ...task } } });
  };
  const change = (ref: string, status: Task['status'], event: EventType): { task: Task } => {
    const task = find(ref);
    if (task.status === status)
      throw new OspainError('wrong_state', `Task ${task.number} is ${status}.`, { hint: 'Nothing needs doing.' });
    task.status = status;
    emit(task.id, event, {} as never);
    return { task };
  };
  const hasEnded = ({ taskId }: { taskId: string }): never => {
    throw new OspainError('wrong_state', `Task ${find(taskId).number} has ended.`);
  };
  const noProposal = ({ taskId }: { taskId: string }): never => {
    throw new OspainError('not_found', `Task ${find(taskId).number} has no proposal.`);
  };
  const noPlan = ({ taskId }: { taskId: string }): never => {
    throw new OspainError('not_found', `Task ${find(taskId).number} has made no plan.`);
  };
  const noApproval = (): never => {
    throw new OspainError('not_found', 'Nothing was asked.');
  };
  const noMcpServer = ({ name }: { name: string }): never => {
    throw new OspainError('not_found', `There is no MCP server ${name}.`);
  };
  const noSchedule = ({ scheduleId }: { scheduleId: string }): never => {
    throw new OspainError('not_found', `There is no schedule ${scheduleId}.`);
  };
  const noSuggestion = ({ suggestionId }: { suggestionId: string }): never => {
    throw new OspainError('not_found', `There is no suggestion ${suggestionId}.`);
  };
  const noItem = ({ itemId }: { itemId: string }): never => {
    throw new OspainError('not_found', `There is no item ${itemId}.`);
  };
  const noChange = (): never => {
    throw new OspainError('wrong_state', 'There is nothing to undo.');
  };
  const noFolder = ({ path }: { path: string }): never => {
    if (!isAbsolute(path)) throw new OspainError('invalid_params', 'The path of a file must be absolute.');
    throw new OspainError('not_found', `There is no folder for ${path}.`);
  };

  const noNote = ({ note }: { note: string }): never => {
    throw new OspainError('not_found', `There is no note ${note}.`);
  };
  const note = (path: string, id: string = randomUUID()): Note => ({
    ...{ id, path, title: path, tags: [], version: 1, size: 0, boxes: { total: 0, done: 0 } },
    ...{ createdAt: now(), updatedAt: now() },
  });
  const noApi = (): never => {
    throw new OspainError('unavailable', 'There is no API.');
  };
  const noModel = ({ model }: { model: string }): never => {
    throw new OspainError('model_missing', `There is no model ${model}.`);
  };

  const noEngine = (): never => {
    throw new OspainError('containers_missing', 'No container engine answers.');
  };

  const noFile = ({ path }: { path: string }): never => {
    if (!isAbsolute(path)) throw new OspainError('invalid_params', 'The path of a model file must be absolute.');
    throw new OspainError('not_found', `There is no file ${path}.`);
  };
  const noPull = ({ pullId }: { pullId: string }): never => {
    throw new OspainError('not_found', `There is no pull ${pullId}.`);
  };
  const noUpload = ({ uploadId }: { uploadId: string }): never => {
    throw new OspainError('not_found', `There is no upload ${uploadId}.`);
  };

  const keyStatus: KeyStatus = {
    ...{ state: 'open', store: 'file', path: '/keys.json', cost: null, recovery: false, lockAfterMinutes: 0 },
    ...{ behind: [], problem: null },
  };
  const movedKeys = { status: keyStatus, moved: 0, left: [], recoveryLost: false };
  const noPassphrase = (): never => {
    throw new OspainError('wrong_state', 'No passphrase is set.');
  };
  const tooShort = (): never => {
    throw new OspainError('invalid_params', 'The passphrase is too easy to guess.');
  };

  const handlers: Handlers = {
    'task/submit': ({ id = randomUUID(), context = null, parentId = null, continues = null, ...asked }) => {
      const known = tasks.find((task) => task.id === id);
      if (known !== undefined) return { task: known };
      const at = now();
      const task: Task = {
        ...{ id, number: tasks.length + 1, ...asked, context, parentId, continues },
        ...{
          status: 'pending',
          attempts: 0,
          dead: false,
          waits: 'waits for its turn',
          children: { total: 0, ended: 0 },
        },
        ...{
          progress: null,
          result: null,
          error: null,
          proposal: null,
          approval: null,
          lastSeq: 0,
          createdAt: at,
          updatedAt: at,
        },
      };
      tasks.push(task);
      events.set(id, []);
      emit(id, 'submitted', { kind: asked.kind, instruction: asked.instruction });
      return { task };
    },
    'action/list': () => ({ actions: [] }),
    'action/run': () => {
      throw new OspainError('wrong_state', 'The file is not saved.');
    },
    'action/lenses': () => ({ lenses: [] }),
    'action/commitMessage': () => {
      throw new OspainError('not_taught', 'The model was not taught this.');
    },
    'task/list': ({ limit }) => ({ tasks: tasks.toReversed().slice(0, limit), total: tasks.length }),
    'task/search': ({ limit }) => ({ tasks: tasks.toReversed().slice(0, limit), next: null }),
    'task/show': ({ taskId }) => ({ task: find(taskId) }),
    'task/graph': ({ taskId }) => ({ tasks: [find(taskId)], more: false }),
    'task/cancel': ({ taskId }) => change(taskId, 'cancelled', 'cancelled'),
    'task/retry': ({ taskId }) => change(taskId, 'pending', 'submitted'),
    'task/pause': hasEnded,
    'task/resume': hasEnded,
    'task/prioritize': hasEnded,
    'task/duplicate': ({ taskId }) => ({ task: find(taskId) }),
    'task/steps': ({ taskId }) => ({ steps: find(taskId) && [] }),
    'task/events': ({ taskId, after, limit }) => ({
      events: (events.get(find(taskId).id) ?? []).filter(({ seq }) => seq > after).slice(0, limit),
    }),
    'codeIndex/search': () => ({ matches: [] }),
    'codeIndex/status': () => ({ index: emptyIndex }),
    'codeIndex/refresh': () => ({ index: emptyIndex, read: 0, changed: 0, gone: 0 }),
    'queue/show': () => ({ paused: false, counts: {} }),
    'queue/pause': () => ({ paused: true, counts: {} }),
    'queue/resume': () => ({ paused: false, counts: {} }),
    'proposal/show': noProposal,
    'proposal/accept': noProposal,
    'proposal/reject': noProposal,
    'proposal/merge': noProposal,
    'proposal/conflicts': noProposal,
    'proposal/undo': noProposal,
    'approval/list': () => ({ approvals: [] }),
    'approval/show': noApproval,
    'approval/answer': noApproval,
    'approval/rules': () => ({ rules: [], problems: [], userFile: '/approvals.json' }),
    'approval/addRule': () => ({}),
    'approval/removeRule': noApproval,
    'approval/forget': noApproval,
    'plan/show': noPlan,
    'plan/edit': noPlan,
    'plan/start': noPlan,
    'schedule/create': ({ id = randomUUID(), ...asked }) => ({
      schedule: { id, number: 1, ...asked, enabled: true, nextAt: now(), lastAt: null, createdAt: now() },
    }),
    'schedule/list': () => ({ schedules: [] }),
    'schedule/enable': noSchedule,
    'schedule/run': noSchedule,
    'schedule/remove': noSchedule,
    'schedule/runs': noSchedule,
    'audit/list': () => ({ entries: [], next: null }),
    'audit/verify': () => ({ logs: [] }),
    'audit/export': noFolder,
    'audit/prune': () => ({ dropped: 0 }),
    'backup/create': noFolder,
    'backup/restore': noFolder,
    'backup/export': noFolder,
    'model/list': () => ({ models: [] }),
    'model/show': noModel,
    'model/import': noFile,
    'model/remove': noModel,
    'model/setAlias': noModel,
    'model/removeAlias': ({ alias }) => {
      throw new OspainError('not_found', `There is no alias ${alias}.`);
    },
    'model/tag': noModel,
    'model/verify': noModel,
    'model/benchmark': noModel,
    'model/adoptable': () => ({ models: [], isCut: false }),
    'model/adopt': noFile,
    'model/catalogue': () => ({ models: [], note: 'Names only.' }),
    'model/collect': () => ({ files: 0, bytes: 0 }),
    'model/readings': () => ({ spanMs: 5000, now: now(), readings: [] }),
    'pull/start': ({ source, name = null, version, alias = null }) => ({
      pull: {
        ...{ id: randomUUID(), source, name, version, alias, state: 'queued', received: 0, total: null },
        ...{ bytesPerSecond: 0, error: null, model: null, createdAt: now(), updatedAt: now() },
      },
    }),
    'pull/list': () => ({ pulls: [] }),
    'pull/show': noPull,
    'pull/cancel': noPull,
    'pull/resume': noPull,
    'image/status': noEngine,
    'image/build': noEngine,
    'image/remove': noEngine,
    'egress/list': () => ({ entries: [] }),
    'privacy/show': () => ({
      ...{ cipher: 'none', keys: [], kept: [], trust: 'assumed' as const },
      retention: { days: 30, databaseBytes: 0, parkedBytes: 0 },
      egress: { connections: 0, sent: 0, received: 0, lastAt: null },
    }),
    'upload/start': ({ name, version, bytes }) => ({
      upload: { id: randomUUID(), name, version, path: '/', received: 0, bytes, expiresAt: now() },
    }),
    'upload/show': noUpload,
    'upload/finish': noUpload,
    'upload/cancel': noUpload,
    'upload/send': noFolder,
    'model/load': noModel,
    'model/unload': noModel,
    'model/pin': noModel,
    'inference/chat': noModel,
    'inference/complete': noModel,
    'inference/embed': noModel,
    'completion/inline': () => ({ text: null, why: 'noModel' }),
    'keys/status': () => ({ status: keyStatus }),
    'keys/unlock': () => ({ status: keyStatus }),
    'keys/lock': noPassphrase,
    'keys/setPassphrase': tooShort,
    'keys/changePassphrase': noPassphrase,
    'keys/useStore': () => movedKeys,
    'keys/rotate': () => movedKeys,
    'keys/createRecovery': () => ({ status: keyStatus, recoveryKey: 'ABCD' }),
    'keys/recover': tooShort,
    'keys/setAside': () => ({ status: keyStatus, moved: [] }),
    'api/show': () => ({ api: null }),
    'api/start': noApi,
    'api/stop': () => ({}),
    'api/showToken': noApi,
    'api/rotateToken': noApi,
    'hub/open': noApi,
    'hub/signOut': () => ({ sessions: 0 }),
    'mcp/list': () => ({ servers: [], problems: [], userFile: '/mcp.json' }),
    'mcp/allow': noMcpServer,
    'mcp/forbid': noMcpServer,
    'mcp/restart': noMcpServer,
    'mcp/log': noMcpServer,
    'item/add': () => {
      throw new OspainError('not_found', 'There is no item before which it could go.');
    },
    'item/list': () => ({ items: [], total: 0, history: { undo: null, redo: null } }),
    'suggestion/ask': ({ of }) => noItem({ itemId: 'item' in of ? of.item : '' }),
    'suggestion/list': () => ({ suggestions: [] }),
    'suggestion/show': noSuggestion,
    'suggestion/accept': noSuggestion,
    'suggestion/dismiss': noSuggestion,
    'item/show': noItem,
    'item/change': noItem,
    'item/move': noItem,
    'item/remove': noItem,
    'item/undo': noChange,
    'item/redo': noChange,
    'item/start': noItem,
    'horizon/capacity': () => ({ capacity: 1800, weeks: [], undated: { items: 0, planned: 0 } }),
    'horizon/setCapacity': () => ({}),
    'horizon/tonight': () => ({
      items: [],
      minutes: 0,
      leftOut: { person: 0, blocked: 0, unestimated: 0, tooLong: 0, busy: 0 },
    }),
    'horizon/fill': ({ itemIds }) => noItem({ itemId: itemIds.join() }),
    'horizon/progress': () => ({ days: [] }),
    'horizon/export': () => ({ text: '', fileName: 'plan.md', mediaType: 'text/markdown' }),
    'note/list': () => ({ notes: [], total: 0, next: null }),
    'note/folders': () => ({ folders: [] }),
    'note/tags': () => ({ tags: [], next: null }),
    'note/stat': noNote,
    'note/show': noNote,
    'note/save': ({ path, id }) => ({ note: note(path, id) }),
    'note/merge': noNote,
    'note/move': ({ from }) => noNote({ note: from }),
    'note/remove': noNote,
    'note/search': () => ({ hits: [] }),
    'note/find': () => ({ names: [] }),
    'note/daily': ({ date = '2026-11-23' }) => ({ note: note(`daily/${date}.md`), made: true }),
    'note/tag': noNote,
    'note/boxes': () => ({ boxes: [], next: null }),
    'note/mark': noNote,
    'note/tick': noNote,
    'note/versions': noNote,
    'note/version': noNote,
    'note/import': ({ folder }) => noFolder({ path: folder }),
    'note/export': ({ folder }) => noFolder({ path: folder }),
    'workspace/search': () => ({ text: '' }),
    'server/settings': () => ({ settings: [] }),
    'server/trust': ({ trust }) => ({ trust }),
    'server/diagnostics': () => ({ text: 'memory' }),
    'server/status': () => ({
      ...{ version: '0.0.0', protocol: PROTOCOL_VERSION, pid: process.pid, node: process.version, workspace: '/' },
      ...{ trust: 'assumed' as const },
      ...{ dataFolder: '/', keyStore: 'file', cipher: 'none', socket: null, tasks: {}, workers: [], warnings: [] },
      ...{ workerRuntime: 'process' as const, startedAt: now() },
    }),
  };
  return {
    dispatch: createDispatch(handlers, quiet),
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit,
    notify,
  };
}

const emptyIndex: CodeIndexStatus = {
  ...{
    state: 'ready',
    files: 0,
    chunks: 0,
    symbols: 0,
    embedded: 0,
    embedder: null,
    complete: true,
    bytes: 0,
    updatedAt: 0,
  },
};
