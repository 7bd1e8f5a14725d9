import type { Model } from '../../../protocol/index.ts';

/** A model as other programs see it: without where its file lies on this machine. */
export function modelView({
  artifact: _artifact,
  source: _source,
  ...model
}: Model): Omit<Model, 'artifact' | 'source'> {
  return model;
}

export function tellModel({ name, version, aliases, format, bytes, state, abilities, contextLength }: Model): string {
  const known = aliases.length === 0 ? '' : ` (${aliases.join(', ')})`;
  const can = abilities.length === 0 ? '' : `; can ${abilities.join(', ')}`;
  return `${name}@${version}${known}: ${format}, ${Math.round(bytes / 1e6)} MB, ${state}, ${contextLength} tokens${can}`;
}
