import { z } from 'zod';
import { Model, ModelFile, ModelName, OspainError, type Result } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import type { Ask } from '../route.ts';

/** A version as other machines see it: without paths, and without what is loaded here. */
export const Version = Model.pick({
  name: true,
  version: true,
  aliases: true,
  tags: true,
  format: true,
  bytes: true,
  sha256: true,
  architecture: true,
  parameters: true,
  quantization: true,
  abilities: true,
  contextLength: true,
  licence: true,
  source: true,
  benchmark: true,
  createdAt: true,
}).extend({
  /** In the order in which a loader wants them. */
  files: z.array(ModelFile.pick({ name: true, bytes: true, sha256: true })),
});
export type Version = z.infer<typeof Version>;

type Shown = Result<'model/show'>;

/** A schema of zod leaves out what it does not name. */
export const versionOf = ({ model, files }: Pick<Shown, 'model' | 'files'>): Version =>
  Version.parse({ ...model, files });

export const versionPath = ({ name, version }: Pick<Version, 'name' | 'version'>): string =>
  `/models/${name}/versions/${encodeURIComponent(version)}`;

/** The name in the path, which may be none: `../x`. */
export function nameIn({ params }: Pick<Ask, 'params'>): string {
  const parsed = ModelName.safeParse(params['name']);
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid_params', 'That is no name of a model.', { param: 'name', hint: SAYS_NAME });
}

const SAYS_NAME = 'It has letters, digits, single dots, - and _ only.';

/** All versions of a name, newest first. */
export async function modelsNamed(ask: Pick<Ask, 'params' | 'core'>): Promise<Model[]> {
  const name = nameIn(ask);
  const models = (await ask.core('model/list', {})).models.filter((model) => model.name === name);
  if (models.length === 0) throw new Refusal('model_missing', `There is no model ${name}.`);
  return models;
}

/** The version in the path: SemVer, `latest`, or an alias of that model. */
export async function findVersion(ask: Pick<Ask, 'params' | 'core'>): Promise<Shown> {
  const [name, version = ''] = [nameIn(ask), ask.params['version']];
  try {
    return await ask.core('model/show', { model: `${name}@${version}` });
  } catch (thrown) {
    if (OspainError.from(thrown).code !== 'model_missing') throw thrown;
    const aliased = (await modelsNamed(ask)).find(({ aliases }) => aliases.includes(version));
    if (aliased === undefined)
      throw new Refusal('model_missing', `There is no version ${JSON.stringify(version.slice(0, 64))} of ${name}.`);
    return ask.core('model/show', { model: `${name}@${aliased.version}` });
  }
}
