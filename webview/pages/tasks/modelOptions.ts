import type { Model } from '../../../protocol/models.ts';
import { t } from '../../words.ts';

/** What a task can be given to: the aliases first, and then each version that can speak. */
export function modelOptions(models: readonly Model[]): { value: string; text: string }[] {
  const speaking = models.filter(({ abilities, problem }) => abilities.includes('chat') && problem === null);
  const aliases = speaking.flatMap((model) => model.aliases.map((alias) => ({ alias, model })));
  const named = aliases.map(({ alias, model }) => ({
    value: alias,
    text: `${alias} (${model.name} ${model.version})`,
  }));
  const fallback = named.some(({ value }) => value === 'default') ? [] : [{ value: 'default', text: t('default') }];
  const versions = speaking.map(({ name, version }) => ({ value: `${name}@${version}`, text: `${name} ${version}` }));
  return [...fallback, ...named, ...versions];
}
