import { z } from 'zod';
import { Api } from './api.ts';
import { Approval, WrittenRule } from './approvals.ts';
import { AuditEntry, AuditVerdict } from './audit.ts';
import { CodeIndexStatus, CodeMatch } from './codeIndex.ts';
import { Finding } from './doctor.ts';
import { EgressEntry } from './egress.ts';
import { WireError } from './errors.ts';
import { TaskEvent } from './events.ts';
import { Item } from './items.ts';
import { McpServer } from './mcp.ts';
import { Model, ModelBenchmark } from './models.ts';
import { Note } from './notes.ts';
import { Plan } from './plans.ts';
import { Conflict, Proposal } from './proposals.ts';
import { Pull } from './pulls.ts';
import { QueueState } from './queue.ts';
import { Run, Schedule } from './schedules.ts';
import { ServerStatus } from './server.ts';
import { Suggestion } from './suggestions.ts';
import { Step, Task } from './tasks.ts';

/**
 * What the command line prints with `--json`: each line is an object, and what stands in it under one of these names has that
 * form. Programs of others read them, so a field stays as long as the major version does; new ones may come.
 */
export const lines = {
  api: Api.nullable(),
  approval: Approval,
  benchmark: ModelBenchmark,
  conflict: Conflict,
  demo: z.object({ right: z.number().int(), of: z.number().int(), strays: z.array(z.string()) }),
  /** Of the audit log, or of the list of connections. */
  entry: z.union([AuditEntry, EgressEntry]),
  error: WireError,
  event: TaskEvent,
  finding: Finding,
  index: CodeIndexStatus,
  item: Item,
  match: CodeMatch,
  model: Model,
  note: Note,
  plan: Plan,
  proposal: Proposal,
  pull: Pull,
  queue: QueueState,
  rule: WrittenRule,
  run: Run,
  schedule: Schedule,
  server: McpServer,
  status: ServerStatus,
  step: Step,
  suggestion: Suggestion,
  task: Task,
  verdict: AuditVerdict,
} as const;
