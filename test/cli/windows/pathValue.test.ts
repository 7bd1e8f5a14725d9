import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withFolder, withoutFolder } from '../../../cli/windows/pathValue.ts';
import { REG_EXPAND_SZ, REG_SZ, type RegistryValue, textOf, textValue } from '../../../cli/windows/registryFile.ts';

const folder = 'C:\\Users\\Jörg Müller\\AppData\\Local\\Programs\\OSPAiN2\\bin';
const text = (value: RegistryValue | null): string | null => value && textOf(value);

/** 2,000 characters and more, with what people and other installers write. */
function longPath(): RegistryValue {
  let path = '';
  while (path.length < 2000) path += `%USERPROFILE%\\Wörk Ünit\\${path.length}\\工具;"C:\\semi;colon";;`;
  return textValue(REG_EXPAND_SZ, path);
}

describe('the folder in a Path', () => {
  it('comes first, once, and the kind of the value stays', () => {
    const before = textValue(REG_SZ, 'C:\\a;C:\\b;');
    const after = withFolder(before, folder);
    assert.equal(after.type, REG_SZ);
    assert.equal(text(after), `${folder};C:\\a;C:\\b;`);
    assert.equal(withFolder(after, folder), after);
    assert.equal(
      withFolder(textValue(REG_SZ, `C:\\a;"${folder.toUpperCase()}\\";C:\\b`), folder).bytes.length > 0,
      true,
    );
    assert.equal(text(withFolder(textValue(REG_SZ, `C:\\a;${folder}\\`), folder)), `C:\\a;${folder}\\`);
  });

  it('is a new value where there was none, which goes again', () => {
    const made = withFolder(undefined, folder);
    assert.deepEqual(made, textValue(REG_EXPAND_SZ, folder));
    assert.equal(withoutFolder(made, folder), null);
    assert.equal(withoutFolder(undefined, folder), null);
  });

  it('is in quotes where its name has a semicolon', () => {
    const odd = 'C:\\a;b\\bin';
    const before = textValue(REG_EXPAND_SZ, 'C:\\x');
    assert.equal(text(withFolder(before, odd)), '"C:\\a;b\\bin";C:\\x');
    assert.deepEqual(withoutFolder(withFolder(before, odd), odd), before);
  });

  it('leaves a Path of 2,000 characters with umlauts as it was, to the byte', () => {
    const before = longPath();
    const after = withoutFolder(withFolder(before, folder), folder);
    assert.deepEqual(after, before);
    assert.equal(withoutFolder(before, folder), before);
  });

  it('goes from where somebody moved it to', () => {
    for (const [path, left] of [
      [`C:\\a;${folder}`, 'C:\\a'],
      [`C:\\a;${folder};C:\\b;`, 'C:\\a;C:\\b;'],
      [`${folder.toLowerCase()}\\;C:\\b;${folder}`, 'C:\\b'],
    ] as const)
      assert.equal(text(withoutFolder(textValue(REG_SZ, path), folder)), left);
  });

  it('leaves any value as it was', () => {
    const piece = fc.constantFrom('C:\\', 'ö', '%A%', ';', ';;', '\\', '"', ' ', '\ud800', folder.slice(0, 9));
    const value = fc.record(
      {
        type: fc.constantFrom(REG_SZ, REG_EXPAND_SZ),
        // Programs leave out the zero at the end, or write two.
        bytes: fc
          .tuple(fc.array(piece), fc.constantFrom('', '\0', '\0\0'))
          .map(([pieces, end]) => Buffer.from(pieces.join('') + end, 'utf16le')),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(value, (before) => {
        const after = withoutFolder(withFolder(before, folder), folder);
        assert.deepEqual(after, before);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });
});
