import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { it } from 'node:test';
import { type Materials, sbom, sbomWith } from '../../../scripts/packaging/sbom.ts';
import { cyclonedxErrors } from '../../support/cyclonedx.ts';

const shipped: Materials['shipped'] = [
  {
    ...{ name: '@scope/addon', version: '1.2.3', licence: 'MIT', texts: ['MIT …'] },
    integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
    inside: [
      { name: 'engine', version: 'v4', licence: 'blessing', source: 'https://example.org', texts: [], inside: [] },
      { name: 'grammar', licence: 'MIT OR Apache-2.0', source: 'https://example.org', texts: [], inside: [] },
    ],
  },
  { name: 'plain', version: '0.1.0', licence: 'ISC', texts: [], inside: [] },
];
const natives = new Map([['dist/a.node', 'ab'.repeat(32)]]);
const materials: Materials = {
  ...{ product: 'ospain2-cli', version: '0.1.0', licence: 'MIT', target: 'linux-x64', shipped, natives },
  epoch: 1_700_000_000,
};

it('is CycloneDX by its schema', () => {
  deepEqual(cyclonedxErrors(sbom(materials)), []);
  notEqual(cyclonedxErrors(sbom(materials).replace('"library"', '"library of mine"')).length, 0);
});

it('names each package by its package URL, with its licence, its hash and what it has inside', () => {
  const { components, metadata } = JSON.parse(sbom(materials));
  const addon = components.find(({ group }: { group?: string }) => group === '@scope');
  equal(addon.purl, 'pkg:npm/%40scope/addon@1.2.3');
  deepEqual(addon.hashes, [{ alg: 'SHA-512', content: '07'.repeat(64) }]);
  deepEqual(
    addon.components.map(({ name }: { name: string }) => name),
    ['grammar', 'engine'].sort(),
  );
  match(addon.components[0].purl, /^pkg:generic\/engine@v4\?vcs_url=/);
  deepEqual(addon.components[1].licenses, [{ expression: 'MIT OR Apache-2.0' }]);
  equal(metadata.timestamp, '2023-11-14T22:13:20.000Z');
});

it('is the same text for the same content, and has another number for another', () => {
  equal(sbom(materials), sbom({ ...materials, shipped: shipped.toReversed() }));
  const number = (text: string): string => JSON.parse(text).serialNumber;
  match(number(sbom(materials)), /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  ok(number(sbom(materials)) !== number(sbom({ ...materials, version: '0.1.1' })));
});

it('lists a program beside a package, as Setup has its Node', () => {
  const program = { name: 'node', version: '24.0.0', licence: 'MIT', source: 'https://github.com/nodejs/node' };
  const text = sbomWith(sbom(materials), { product: 'ospain2-setup', program, sha256: 'cd'.repeat(32) });
  deepEqual(cyclonedxErrors(text), []);
  const { metadata, components, dependencies, serialNumber } = JSON.parse(text);
  deepEqual([metadata.component.name, metadata.component['bom-ref']], ['ospain2-setup', 'ospain2-setup@0.1.0']);
  equal(components.length, shipped.length + natives.size + 1);
  const node = components.at(-1);
  deepEqual(node.hashes, [{ alg: 'SHA-256', content: 'cd'.repeat(32) }]);
  const root = dependencies.find(({ ref }: { ref: string }) => ref === 'ospain2-setup@0.1.0');
  ok(root.dependsOn.includes(node['bom-ref']));
  notEqual(serialNumber, JSON.parse(sbom(materials)).serialNumber);
});
