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

const openai: readonly Route[] = [...modelRoutes, chatRoute, completionRoute, embeddingRoute, responseRoute];

const registry = [...registryRoutes, ...downloadRoutes];

/** Everything that the API answers. */
export function createRoutes(): Route[] {
  const others = [...openai, ...registry, ...createUploadRoutes()];
  return [...serverRoutes(others), ...others];
}
