import { chatRoute } from './openai/chat.ts';
import { completionRoute } from './openai/completions.ts';
import { embeddingRoute } from './openai/embeddings.ts';
import { modelRoutes } from './openai/models.ts';
import { responseRoute } from './openai/responses.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './server.ts';

const openai: readonly Route[] = [...modelRoutes, chatRoute, completionRoute, embeddingRoute, responseRoute];

/** Everything that the API answers. */
export const routes: readonly Route[] = [...serverRoutes(openai), ...openai];
