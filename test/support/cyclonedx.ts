/** The schema of CycloneDX 1.6, as its authors wrote it. */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { inRepository } from '../../scripts/paths.ts';

/** What is wrong with a bill of materials; empty when nothing is. */
export function cyclonedxErrors(text: string): ErrorObject[] {
  const folder = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
  const schema = (name: string) =>
    JSON.parse(readFileSync(inRepository(folder, `${name}.SNAPSHOT.schema.json`), 'utf8'));
  const formats = {
    'date-time': (value: string) => !Number.isNaN(Date.parse(value)),
    uri: (value: string) => URL.canParse(value),
    'iri-reference': (value: string) => URL.canParse(value, 'https://example.org'),
    'idn-email': (value: string) => value.includes('@'),
  };
  // The one refers to the others by the names of their files.
  const others = ['spdx', 'jsf-0.82'].map((name) => ({
    ...schema(name),
    $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
  }));
  const ajv = new Ajv({ strict: false, allErrors: true, formats, schemas: others });
  const validate = ajv.compile(schema('bom-1.6'));
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []);
}
