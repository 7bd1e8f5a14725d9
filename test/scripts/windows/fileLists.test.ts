import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileNames, installLines, uninstallLines } from '../../../scripts/windows/fileLists.ts';

const files = [
  { source: '/s/b', name: 'node\\node.exe' },
  { source: '/s/a$x', name: 'app\\dist\\a$x.js' },
  { source: '/s/c', name: 'top.txt' },
];

it('writes each file into its folder', () => {
  assert.equal(
    installLines(files),
    [
      'SetOutPath "$INSTDIR\\app\\dist"',
      'File "/oname=a$$x.js" "/s/a$x"',
      'SetOutPath "$INSTDIR\\node"',
      'File "/oname=node.exe" "/s/b"',
      'SetOutPath "$INSTDIR"',
      'File "/oname=top.txt" "/s/c"',
      '',
    ].join('\n'),
  );
});

it('removes the same files, and folders only when they are empty', () => {
  assert.equal(
    uninstallLines(files),
    [
      'Delete "$INSTDIR\\app\\dist\\a$$x.js"',
      'Delete "$INSTDIR\\node\\node.exe"',
      'Delete "$INSTDIR\\top.txt"',
      'RMDir "$INSTDIR\\node"',
      'RMDir "$INSTDIR\\app\\dist"',
      'RMDir "$INSTDIR\\app"',
      '',
    ].join('\n'),
  );
  assert.equal(fileNames(files), 'app\\dist\\a$x.js\r\nnode\\node.exe\r\ntop.txt\r\n');
});
