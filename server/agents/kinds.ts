import type { Kind } from '../tasks/kind.ts';
import { type AgentDeps, createAgentKind } from './agentKind.ts';
import { createAskKind, createTagKind } from './answerKinds.ts';
import { createPlanKind } from './planKind.ts';
import type { Plans } from './plans.ts';

/** Every sort of task that this version knows. */
export const createKinds = (deps: AgentDeps & { plans: Plans }): Kind[] => [
  createAgentKind(deps),
  createAskKind(deps),
  createPlanKind(deps),
  createTagKind(deps),
];
