import type { Kind } from '../tasks/kind.ts';
import { type AgentDeps, createAgentKind } from './agentKind.ts';
import { createAskKind, createPlanKind, createTagKind } from './answerKinds.ts';

/** Every sort of task that this version knows. */
export const createKinds = (deps: AgentDeps): Kind[] => [
  createAgentKind(deps),
  createAskKind(deps),
  createPlanKind(deps),
  createTagKind(deps),
];
