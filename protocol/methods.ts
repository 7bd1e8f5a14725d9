import type { z } from 'zod';
import { actionMethods } from './actions.ts';
import { adoptionMethods } from './adoption.ts';
import { apiMethods, apiNotifications } from './api.ts';
import { approvalMethods, approvalNotifications } from './approvals.ts';
import { auditMethods } from './audit.ts';
import { backupMethods, backupNotifications } from './backups.ts';
import { catalogueMethods } from './catalogue.ts';
import { codeIndexMethods } from './codeIndex.ts';
import { completionMethods } from './completions.ts';
import { egressMethods } from './egress.ts';
import { horizonMethods, horizonNotifications } from './horizons.ts';
import { hubMethods } from './hub.ts';
import { imageMethods } from './images.ts';
import { inferenceMethods, inferenceNotifications } from './inference.ts';
import { itemMethods, itemNotifications } from './items.ts';
import { keyMethods, keyNotifications } from './keys.ts';
import { mcpMethods, mcpNotifications } from './mcp.ts';
import { modelMethods, modelNotifications } from './models.ts';
import { noteMethods, noteNotifications } from './notes.ts';
import { planMethods } from './plans.ts';
import { privacyMethods } from './privacy.ts';
import { proposalMethods } from './proposals.ts';
import { pullMethods, pullNotifications } from './pulls.ts';
import { queueMethods, queueNotifications } from './queue.ts';
import { readingMethods } from './readings.ts';
import { scheduleMethods, scheduleNotifications } from './schedules.ts';
import { serverMethods, serverNotifications } from './server.ts';
import { suggestionMethods, suggestionNotifications } from './suggestions.ts';
import { taskMethods, taskNotifications } from './tasks.ts';
import { uploadMethods } from './uploads.ts';
import { workspaceMethods } from './workspaces.ts';

/** Every request that a client may make. Params are always an object. */
export const methods = {
  ...taskMethods,
  ...proposalMethods,
  ...actionMethods,
  ...planMethods,
  ...suggestionMethods,
  ...approvalMethods,
  ...codeIndexMethods,
  ...queueMethods,
  ...scheduleMethods,
  ...auditMethods,
  ...backupMethods,
  ...modelMethods,
  ...adoptionMethods,
  ...catalogueMethods,
  ...readingMethods,
  ...uploadMethods,
  ...pullMethods,
  ...egressMethods,
  ...privacyMethods,
  ...imageMethods,
  ...inferenceMethods,
  ...completionMethods,
  ...keyMethods,
  ...apiMethods,
  ...hubMethods,
  ...serverMethods,
  ...workspaceMethods,
  ...mcpMethods,
  ...noteMethods,
  ...itemMethods,
  ...horizonMethods,
} as const;

/** Every message that the server sends on its own. */
export const notifications = {
  ...taskNotifications,
  ...approvalNotifications,
  ...queueNotifications,
  ...suggestionNotifications,
  ...scheduleNotifications,
  ...backupNotifications,
  ...modelNotifications,
  ...pullNotifications,
  ...inferenceNotifications,
  ...keyNotifications,
  ...apiNotifications,
  ...serverNotifications,
  ...mcpNotifications,
  ...noteNotifications,
  ...itemNotifications,
  ...horizonNotifications,
} as const;

type Methods = typeof methods;
type Notifications = typeof notifications;

export type MethodName = keyof Methods;
/** What a caller passes: fields with defaults may be left out. */
export type Params<M extends MethodName> = z.input<Methods[M]['params']>;
/** What a handler receives: validated, defaults filled in. */
export type ParsedParams<M extends MethodName> = z.output<Methods[M]['params']>;
export type Result<M extends MethodName> = z.output<Methods[M]['result']>;

export type NotificationName = keyof Notifications;
export type NotificationParams<N extends NotificationName> = z.output<Notifications[N]>;
export type Notification = { [N in NotificationName]: { method: N; params: NotificationParams<N> } }[NotificationName];

export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);
export const isNotification = (name: string): name is NotificationName => Object.hasOwn(notifications, name);
