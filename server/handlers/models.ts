import type { Handlers } from '../dispatch.ts';
import type { Registry } from '../models/registry.ts';

export function createModelHandlers({ registry }: { registry: Registry }): Pick<Handlers, 'model/list'> {
  return { 'model/list': () => ({ models: registry.list() }) };
}
