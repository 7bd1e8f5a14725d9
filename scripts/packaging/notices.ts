/** The licences of everything that a package holds, as their texts ask for. */
import type { Shipped } from './insides.ts';

export function notices(shipped: readonly Shipped[]): string {
  const parts = shipped.flatMap((one) => [one, ...one.inside]).map(notice);
  return `OSPAiN2 holds these, whole or in part.\n\n${parts.join('\n')}`;
}

const notice = ({ name, version, licence, texts }: Shipped): string =>
  [`== ${name}${version === undefined ? '' : ` ${version}`} (${licence})`, ...texts, ''].join('\n');
