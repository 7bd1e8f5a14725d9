import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { formatBytes, formatCount, formatMs } from '../../protocol/quantities.ts';
import { plural, pluralsOf, speak, spokenLocale, t } from '../../protocol/words.ts';

afterEach(() => speak({ locale: 'en', texts: {} }));

test('English is its own key', () => {
  assert.equal(t('{1} after {0}: {2}', 'a', 7), '7 after a: {2}');
  assert.equal(t('constructor'), 'constructor');
  assert.equal(plural('{0} file|{0} files', 1), '1 file');
  assert.equal(plural('{0} file|{0} files', 0), '0 files');
  assert.equal(plural('{1}: {0} file|{1}: {0} files', 1234, 'b|c'), 'b|c: 1,234 files');
});

test('a language says it in its own way', () => {
  const texts = { '{0} of {1}': '{1}, davon {0}', '{0} file|{0} files': '{0} Datei|{0} Dateien' };
  speak({ locale: 'de', texts });
  assert.equal(t('{0} of {1}', 1, 2), '2, davon 1');
  assert.deepEqual(
    [1, 2, 1234].map((count) => plural('{0} file|{0} files', count)),
    ['1 Datei', '2 Dateien', '1.234 Dateien'],
  );
  assert.deepEqual([formatCount(1234), formatBytes(1500), formatMs(1500)], ['1.234', '1,5 kB', '1,5 s']);
});

test('a language without plurals has one form, and one with more has them all', () => {
  speak({ locale: 'zh-cn', texts: { '{0} file|{0} files': '{0} 个文件' } });
  assert.deepEqual(
    [1, 2].map((count) => plural('{0} file|{0} files', count)),
    ['1 个文件', '2 个文件'],
  );
  speak({ locale: 'pl', texts: { '{0} file|{0} files': '{0} plik|{0} pliki|{0} plików|{0} pliku' } });
  assert.deepEqual(
    [1, 3, 5].map((count) => plural('{0} file|{0} files', count)),
    ['1 plik', '3 pliki', '5 plików'],
  );
  assert.deepEqual(pluralsOf('ar').categories, ['zero', 'one', 'two', 'few', 'many', 'other']);
});

test('what a language lacks is said in English, with its numbers', () => {
  speak({ locale: 'de-AT', texts: {} });
  assert.equal(t('Tasks'), 'Tasks');
  assert.equal(plural('{0} file|{0} files', 1), '1 file');
  assert.equal(spokenLocale(), 'de-AT');
});

test('a name of a language that is none leaves English', () => {
  for (const locale of ['', 'zh_TW', '!']) {
    speak({ locale, texts: {} });
    assert.equal(spokenLocale(), 'en', locale);
  }
});
