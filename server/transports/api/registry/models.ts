import { z } from 'zod';
import { type Model, ModelName, modelMethods } from '../../../../protocol/index.ts';
import { isHere } from '../addresses.ts';
import { Refusal } from '../refusal.ts';
import { type Ask, type Route, route } from '../route.ts';
import { findVersion, modelsNamed, nameIn, Version, versionOf, versionPath } from './version.ts';

const Named = z.object({
  name: z.string(),
  /** What the name alone leads to. */
  latest: z.string(),
  versions: z.array(z.string()),
  aliases: z.record(z.string(), z.string()),
});

const Whole = Named.extend({ versions: z.array(Version) });
const Removed = z.object({ name: z.string(), version: z.string(), freed: z.number().int() });

const Import = modelMethods['model/import'].params.omit({ requestId: true });

/** An alias for a version, or null to take it away. */
const Aliases = z.object({ aliases: z.record(ModelName, z.string().min(1).max(64).nullable()) });
const Tags = z.object({ tags: z.array(ModelName).max(64) });

export const registryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/models',
    id: 'listRegistry',
    group: 'Registry',
    summary: 'Lists the models with their versions and aliases.',
    answers: { 200: ['The models.', z.object({ models: z.array(Named) })] },
    async handle(ask) {
      const { models } = await ask.core('model/list', {});
      const names = [...new Set(models.map(({ name }) => name))];
      return { models: await Promise.all(names.map((name) => named(ask, models, name))) };
    },
  },
  route({
    method: 'POST',
    path: '/models',
    id: 'importModel',
    group: 'Registry',
    summary: 'Takes a file of this machine into the registry; for programs on this machine only.',
    body: Import,
    answers: { 201: ['The new version.', Version], 200: ['The same bytes were this version already.', Version] },
    async handle({ body, core, request, reply }) {
      if (!isHere(request.raw.socket.remoteAddress))
        throw new Refusal('forbidden', 'A path names a file of this machine, so only its own programs may say one.', {
          hint: 'Send the file instead.',
        });
      const { model, existed } = await core('model/import', body);
      reply.code(existed ? 200 : 201).header('location', versionPath(model));
      return versionOf(await core('model/show', { model: `${model.name}@${model.version}` }));
    },
  }),
  {
    method: 'GET',
    path: '/models/{name}',
    id: 'showModel',
    group: 'Registry',
    summary: 'Shows a model with all its versions, newest first.',
    answers: { 200: ['The model.', Whole] },
    async handle(ask) {
      const models = await modelsNamed(ask);
      return { ...(await named(ask, models, nameIn(ask))), versions: await versionsOf(ask, models) };
    },
  },
  route({
    method: 'PATCH',
    path: '/models/{name}',
    id: 'changeModel',
    group: 'Registry',
    summary: 'Points aliases to versions of a model; null takes one away. Others stay.',
    body: Aliases,
    answers: { 200: ['The model.', Named] },
    async handle(ask) {
      const models = await modelsNamed(ask);
      const name = nameIn(ask);
      for (const [alias, version] of Object.entries(ask.body.aliases)) {
        if (version !== null) await ask.core('model/setAlias', { alias, model: `${name}@${version}` });
        else if (models.some(({ aliases }) => aliases.includes(alias))) await ask.core('model/removeAlias', { alias });
        else throw new Refusal('not_found', `${alias} is no alias of ${name}.`, { param: `aliases.${alias}` });
      }
      return named(ask, await modelsNamed(ask), name);
    },
  }),
  {
    method: 'DELETE',
    path: '/models/{name}',
    id: 'removeModel',
    group: 'Registry',
    summary: 'Removes a model with all its versions.',
    answers: { 200: ['What was removed.', z.object({ removed: z.array(Removed) })] },
    async handle(ask) {
      const removed = [];
      for (const model of await modelsNamed(ask)) removed.push(await remove(ask, model));
      return { removed };
    },
  },
  {
    method: 'GET',
    path: '/models/{name}/versions',
    id: 'listVersions',
    group: 'Registry',
    summary: 'Lists the versions of a model, newest first.',
    answers: { 200: ['The versions.', z.object({ versions: z.array(Version) })] },
    handle: async (ask) => ({ versions: await versionsOf(ask, await modelsNamed(ask)) }),
  },
  {
    method: 'GET',
    path: '/models/{name}/versions/{version}',
    id: 'showVersion',
    group: 'Registry',
    summary: 'Shows a version: SemVer, `latest`, or an alias.',
    answers: { 200: ['The version.', Version] },
    handle: async (ask) => versionOf(await findVersion(ask)),
  },
  route({
    method: 'PATCH',
    path: '/models/{name}/versions/{version}',
    id: 'changeVersion',
    group: 'Registry',
    summary: 'Sets the tags of a version; nothing else of it ever changes.',
    body: Tags,
    answers: { 200: ['The version.', Version] },
    async handle(ask) {
      const { model, files } = await findVersion(ask);
      const { tags } = ask.body;
      const changed = await ask.core('model/tag', {
        model: `${model.name}@${model.version}`,
        add: tags,
        remove: model.tags.filter((tag) => !tags.includes(tag)),
      });
      return versionOf({ ...changed, files });
    },
  }),
  {
    method: 'DELETE',
    path: '/models/{name}/versions/{version}',
    id: 'removeVersion',
    group: 'Registry',
    summary: 'Removes a version; its bytes go when no other version has them.',
    answers: { 200: ['What was removed.', Removed] },
    handle: async (ask) => remove(ask, (await findVersion(ask)).model),
  },
];

async function named({ core }: Ask, models: readonly Model[], name: string): Promise<z.infer<typeof Named>> {
  const versions = models.filter((model) => model.name === name);
  const { model: latest } = await core('model/show', { model: `${name}@latest` });
  return {
    name,
    latest: latest.version,
    versions: versions.map(({ version }) => version),
    aliases: Object.fromEntries(versions.flatMap(({ aliases, version }) => aliases.map((alias) => [alias, version]))),
  };
}

const versionsOf = ({ core }: Ask, models: readonly Model[]): Promise<Version[]> =>
  Promise.all(
    models.map(async ({ name, version }) => versionOf(await core('model/show', { model: `${name}@${version}` }))),
  );

async function remove({ core }: Ask, { name, version }: Model): Promise<z.infer<typeof Removed>> {
  const { freed } = await core('model/remove', { model: `${name}@${version}` });
  return { name, version, freed };
}
