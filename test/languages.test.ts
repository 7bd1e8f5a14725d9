import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readTree, type Tree } from './support/architecture/tree.ts';
import { bundleProblems, sayings } from './support/languages/sayings.ts';

const root = path.resolve(import.meta.dirname, '..');
const bundle = (language: string) =>
  JSON.parse(readFileSync(path.join(root, `l10n/bundle.l10n.${language}.json`), 'utf8'));
const { said, problems } = sayings(readTree(root));

describe('what the product says', () => {
  it('is found', () => ok(said.length > 400, `only ${said.length} texts`));
  it('is written where it is said, and said when the language is known', () => deepEqual(problems, []));
  for (const language of ['de', 'zh-cn'])
    it(`is there in ${language}`, () => deepEqual(bundleProblems(said, { [language]: bundle(language) }), []));
});

const fake = (code: string): Tree => new Map([['webview/a.tsx', code]]);
const textsOf = (code: string) => sayings(fake(code)).said.map(({ text }) => text);

describe('the rules', () => {
  it('find texts in calls of any shape', () => {
    deepEqual(textsOf("const a = () => [t('one'), t(\n  \"it's two\",\n  3,\n), plural('{0} a|{0} b', n)];"), [
      'one',
      "it's two",
      '{0} a|{0} b',
    ]);
    deepEqual(
      textsOf("// t('no')\nfunction t(text: string) {}\nconst c = () => [at('x'), a.t('y'), t('it\\'s \\n')];"),
      ["it's \n"],
    );
  });

  it('see what is no literal, and what is said too early', () => {
    deepEqual(sayings(fake('const a = () => t(name) + t(`x`);')).problems, [
      'webview/a.tsx:1 says what is no literal',
      'webview/a.tsx:1 says what is no literal',
    ]);
    const early = "const a = 1;\nconst words = {\n  one: t('one'),\n};\nexport function b() {\n  return t('b');\n}";
    deepEqual(sayings(fake(early)).problems.length, 1);
    deepEqual(sayings(fake("const words = {\n  one: () => t('one'),\n};")).problems, []);
  });

  it('see numbers and dates in the form of the machine', () => {
    const code = 'const a = [n.toLocaleString(), d.toLocaleTimeString(undefined, {}), new Intl.NumberFormat()];';
    deepEqual(sayings(fake(code)).problems.length, 3);
    const fine = 'const a = [n.toLocaleString(spokenLocale()), Intl.DateTimeFormat().resolvedOptions()];';
    deepEqual(sayings(fake(fine)).problems, []);
  });

  it('see what a language lacks, has too much, or has otherwise', () => {
    const { said } = sayings(fake("const a = () => [t('{0} of {1}'), plural('{0} file|{0} files', n)];"));
    const de = { '{0} of {1}': '{0} von {1}', '{0} file|{0} files': 'eine Datei|{0} Dateien' };
    const zh = { '{0} of {1}': '{1} 中的 {0}', '{0} file|{0} files': '{0} 个文件' };
    deepEqual(bundleProblems(said, { de, 'zh-cn': zh }), []);
    deepEqual(bundleProblems(said, { de: { '{0} of {1}': '{0} von {2}', more: 'mehr' } }), [
      'de lacks "{0} file|{0} files"',
      'de has "more", which nobody says',
      'de has another placeholder in "{0} of {1}"',
    ]);
    deepEqual(bundleProblems(said, { 'zh-cn': { ...zh, '{0} file|{0} files': '{0} 个文件|文件' } }), [
      'zh-cn has 2 forms of "{0} file|{0} files", and 1 plurals',
      'zh-cn has another placeholder in "{0} file|{0} files"',
    ]);
  });
});
