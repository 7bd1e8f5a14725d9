import type { Endpoint } from '../mcp/endpoint.ts';
import type { Served } from '../served.ts';
import { mcpRoutes } from './mcp.ts';
import { chatRoute } from './openai/chat.ts';
import { completionRoute } from './openai/completions.ts';
import { embeddingRoute } from './openai/embeddings.ts';
import { modelRoutes } from './openai/models.ts';
import { responseRoute } from './openai/responses.ts';
import { downloadRoutes } from './registry/download.ts';
import { registryRoutes } from './registry/models.ts';
import { createUploadRoutes } from './registry/uploads.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './server.ts';
import { taskRoutes } from './tasks/tasks.ts';

const openai: readonly Route[] = [...modelRoutes, chatRoute, completionRoute, embeddingRoute, responseRoute];

const registry = [...registryRoutes, ...downloadRoutes];

/** Everything that the API answers; `mcp` is what it offers over the Model Context Protocol. */
export function createRoutes({ mcp, served }: { mcp: Endpoint; served: Served }): Route[] {
  const others = [...openai, ...registry, ...createUploadRoutes(), ...taskRoutes(served), ...mcpRoutes(mcp)];
  return [...serverRoutes(others), ...others];
}
