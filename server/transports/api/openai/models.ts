import { z } from 'zod';
import type { Model } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import type { Ask, Route } from '../route.ts';
import { seconds } from './fields.ts';

const ModelAnswer = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  owned_by: z.string(),
});
type ModelAnswer = z.infer<typeof ModelAnswer>;

const ModelList = z.object({ object: z.literal('list'), data: z.array(ModelAnswer) });

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/models',
    id: 'listModels',
    group: 'OpenAI',
    summary: 'Lists what may be asked for as `model`: aliases and names.',
    answers: { 200: ['The models that run.', ModelList] },
    async handle(ask): Promise<z.infer<typeof ModelList>> {
      return { object: 'list', data: [...(await namesOf(ask))].map(([id, model]) => answerOf(id, model)) };
    },
  },
  {
    method: 'GET',
    path: '/v1/models/{model}',
    id: 'retrieveModel',
    group: 'OpenAI',
    summary: 'Shows one of them; `name@version` too is understood.',
    answers: { 200: ['The model.', ModelAnswer] },
    async handle(ask): Promise<ModelAnswer> {
      const id = ask.params['model'] ?? '';
      const model =
        (await namesOf(ask)).get(id) ?? (await running(ask)).find((one) => `${one.name}@${one.version}` === id);
      if (model === undefined)
        throw new Refusal('model_missing', `There is no model ${JSON.stringify(id.slice(0, 128))}.`, {
          param: 'model',
        });
      return answerOf(id, model);
    },
  },
];

const running = async ({ core }: Ask): Promise<Model[]> =>
  (await core('model/list', {})).models.filter(({ format }) => format === 'gguf');

/** What leads to a model: aliases before names. The list has the newest version of each first. */
async function namesOf(ask: Ask): Promise<Map<string, Model>> {
  const models = await running(ask);
  const named = models.toReversed().map((model) => [model.name, model] as const);
  const aliased = models.flatMap((model) => model.aliases.map((alias) => [alias, model] as const));
  return new Map([...named, ...aliased]);
}

const answerOf = (id: string, { embedded, createdAt }: Model): ModelAnswer => ({
  id,
  object: 'model',
  created: seconds(createdAt),
  owned_by: embedded ? 'ospain2' : 'user',
});
