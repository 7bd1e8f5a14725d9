/** The bill of materials of a package, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the same text for the same content. */
import { createHash } from 'node:crypto';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import type { Shipped } from './insides.ts';

export interface Materials {
  readonly product: string;
  readonly version: string;
  readonly licence: string;
  readonly target: string;
  readonly shipped: readonly Shipped[];
  /** Native files by their paths in the package, with their SHA-256 in hexadecimal. */
  readonly natives: ReadonlyMap<string, string>;
  /** Seconds since 1970. */
  readonly epoch: number;
}

export function sbom({ product, version, licence, target, shipped, natives, epoch }: Materials): string {
  const root = new Models.Component(Enums.ComponentType.Application, product, {
    ...{ version, bomRef: `${product}@${version}`, licenses: licences(licence) },
    properties: new Models.PropertyRepository([new Models.Property('ospain2:target', target)]),
  });
  const metadata = new Models.Metadata({
    component: root,
    timestamp: new Date(epoch * 1000),
    lifecycles: new Models.LifecycleRepository([new Models.NamedLifecycle('build')]),
  });
  const bom = new Models.Bom({ metadata });
  for (const one of shipped) {
    const component = componentOf(one);
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  for (const [name, sha256] of natives) {
    const hashes = new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]);
    bom.components.add(new Models.Component(Enums.ComponentType.File, name, { bomRef: `file:${name}`, hashes }));
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  const write = () => `${serializer.serialize(bom, { sortLists: true, space: 1 })}\n`;
  bom.serialNumber = serialOf(write());
  return write();
}

/** As far as it is changed here. */
interface Bill {
  serialNumber: string;
  metadata: { component: { name: string; 'bom-ref': string } };
  components: unknown[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

export interface Beside {
  /** What both together are called. */
  readonly product: string;
  readonly program: {
    readonly name: string;
    readonly version: string;
    readonly licence: string;
    readonly source: string;
  };
  /** Of the program, in hexadecimal. */
  readonly sha256: string;
}

/** The bill of what holds all that a bill lists and a program beside it, such as Setup with its Node. */
export function sbomWith(text: string, { product, program, sha256 }: Beside): string {
  const bill: Bill = JSON.parse(text);
  const { name, version, licence, source } = program;
  const ref = new PackageURL('generic', undefined, name, version, { vcs_url: source }, undefined).toString();
  const { component } = bill.metadata;
  const before = component['bom-ref'];
  component['bom-ref'] = before.replace(component.name, product);
  component.name = product;
  for (const dependency of bill.dependencies)
    if (dependency.ref === before) {
      dependency.ref = component['bom-ref'];
      dependency.dependsOn = [...(dependency.dependsOn ?? []), ref].sort();
    }
  bill.dependencies.push({ ref });
  bill.components.push({
    ...{ type: 'application', name, version, 'bom-ref': ref, purl: ref },
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    licenses: [{ license: { id: licence } }],
    externalReferences: [{ type: 'website', url: source }],
  });
  bill.serialNumber = '';
  bill.serialNumber = serialOf(JSON.stringify(bill));
  return `${JSON.stringify(bill, undefined, 1)}\n`;
}

function componentOf({ name, version, licence, integrity, source, inside }: Shipped): Models.Component {
  const [group, plain] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name];
  const purl =
    source === undefined
      ? new PackageURL('npm', group, plain, version, undefined, undefined)
      : new PackageURL('generic', undefined, plain, version, { vcs_url: source }, undefined);
  const component = new Models.Component(Enums.ComponentType.Library, plain, {
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    ...{ purl: purl.toString(), bomRef: purl.toString(), licenses: licences(licence) },
    hashes: new Models.HashDictionary(
      integrity === undefined ? [] : [[Enums.HashAlgorithm['SHA-512'], hexadecimal(integrity)]],
    ),
    ...(source === undefined
      ? {}
      : {
          externalReferences: new Models.ExternalReferenceRepository([
            new Models.ExternalReference(source, Enums.ExternalReferenceType.Website),
          ]),
        }),
  });
  for (const part of inside) component.components.add(componentOf(part));
  return component;
}

function licences(expression: string): Models.LicenseRepository {
  const licence = SPDX.isSupportedSpdxId(expression)
    ? new Models.SpdxLicense(expression)
    : new Models.LicenseExpression(expression);
  return new Models.LicenseRepository([licence]);
}

const hexadecimal = (integrity: string): string =>
  Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');

/** A UUID that the content gives (version 8 of RFC 9562), where others have chance. */
function serialOf(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex');
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
