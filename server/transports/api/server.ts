import { z } from 'zod';
import { openApiOf } from './openApi.ts';
import type { Route } from './route.ts';

/** What tells of the API itself; `others` are its other routes. */
export function serverRoutes(others: readonly Route[]): Route[] {
  const rows: Route[] = [
    {
      method: 'GET',
      path: '/health',
      id: 'health',
      group: 'Server',
      summary: 'Says that the server answers, and nothing else.',
      entry: 'anyone',
      answers: { 200: ['It does.', z.object({ status: z.literal('ok') })] },
      handle: () => ({ status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/openapi.json',
      id: 'openApi',
      group: 'Server',
      summary: 'Describes all routes, as OpenAPI 3.1.',
      answers: { 200: ['The document.', z.looseObject({ openapi: z.string() })] },
      handle: () => openApiOf([...rows, ...others]),
    },
  ];
  return rows;
}
