/** Under what terms packages come, and the texts that these ask to have along. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Terms that a program under MIT can be shipped with; anything else is a decision for a person. */
const allowed = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense'],
  ...['CC0-1.0', 'Python-2.0', 'Zlib', 'blessing'],
]);

/** Names that are none of SPDX's, and what is meant. */
const meant: Readonly<Record<string, string>> = { 'MIT OR Apache': 'MIT OR Apache-2.0' };

/** The SPDX expression of what a package says of itself; throws unless one of its alternatives is allowed. */
export function licencesOf(name: string, said: unknown): string {
  const expression = typeof said === 'string' ? (meant[said] ?? said.replace(/^\((.*)\)$/, '$1')) : '';
  if (!expression.split(' OR ').some((one) => one.split(' AND ').every((part) => allowed.has(part))))
    throw new Error(`${name} comes under '${String(said)}', which is not one of ${[...allowed].join(', ')}`);
  return expression;
}

/** Files of a package that say its terms. */
export const isLicence = (file: string): boolean => /^(licen[cs]e|notices?|copying|third.?party)/i.test(file);

/** What a package has along, or what is known of one that forgot; throws when there is neither. */
export async function licenceTexts(name: string, place: string): Promise<string[]> {
  const files = (await readdir(place)).filter(isLicence).sort();
  if (files.length === 0) return [knownText(name)];
  const texts = await Promise.all(files.map((file) => readFile(path.join(place, file), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim());
}

const mit = (holder: string): string => `MIT License

${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const isc = (holder: string): string => `ISC License

${holder}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the
above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

const microsoft = mit('Copyright (c) Microsoft Corporation. All rights reserved.');
const sqliteVec = mit('Copyright (c) 2024 Alex Garcia');

/** Of packages without a text of their own, and of what is inside of others. */
const known: Readonly<Record<string, string>> = {
  '@microsoft/fast-element': microsoft,
  '@microsoft/fast-foundation': microsoft,
  '@microsoft/fast-web-utilities': microsoft,
  '@simple-git/argv-parser': mit('Copyright (c) Steve King'),
  'abstract-logging': mit('Copyright (c) James Sumners'),
  // What `overrides` puts in the place of packages that are not wanted.
  'empty-npm-package': 'It is empty.',
  grammar: mit('Copyright (c) the authors of this grammar for tree-sitter'),
  'llama.cpp': mit('Copyright (c) 2023-2026 The ggml authors'),
  pcre2: `Copyright (c) 1997-2007 University of Cambridge
Copyright (c) 2007-2024 Philip Hazel
Copyright (c) 2009-2024 Zoltan Herczeg

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are
met:

* Redistributions of source code must retain the above copyright notices, this list of conditions and the following disclaimer.
* Redistributions in binary form must reproduce the above copyright notices, this list of conditions and the following disclaimer in the
  documentation and/or other materials provided with the distribution.
* Neither the name of the University of Cambridge nor the names of any contributors may be used to endorse or promote products derived from
  this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT
OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY
THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.`,
  ripgrep: mit('Copyright (c) 2015 Andrew Gallant'),
  sqlite:
    'The authors disclaim copyright to this source code: it is in the public domain (https://sqlite.org/copyright.html).',
  'simple-git': mit('Copyright (c) Steve King'),
  'split-ca': isc('Copyright (c) Charles Bushong'),
  'sqlite-vec-darwin-arm64': sqliteVec,
  'sqlite-vec-darwin-x64': sqliteVec,
  'sqlite-vec-linux-arm64': sqliteVec,
  'sqlite-vec-linux-x64': sqliteVec,
  'sqlite-vec-windows-x64': sqliteVec,
  sqlite3mc: mit('Copyright (c) 2019-2026 Ulrich Telle'),
  'tree-sitter': mit('Copyright (c) 2018 Max Brunsfeld'),
};

export function knownText(name: string): string {
  const text = known[name];
  if (text === undefined) throw new Error(`${name} has no licence text along, and none is known`);
  return text;
}
