import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seatbeltProfile } from '../../../server/commands/seatbelt.ts';

const places = {
  writable: ['/private/tmp/copy'],
  home: '/Users/ada',
  readable: ['/Users/ada/.nvm'],
  hidden: ['/data'],
};
const lines = seatbeltProfile(places).split('\n');
const at = (part: string): number => lines.findIndex((line) => line.includes(part));

test('everything is denied that is not allowed by name', () => {
  assert.equal(lines[0], '(version 1)');
  assert.equal(lines[1], '(deny default)');
  assert.ok(lines.includes('(deny network*)'));
  assert.equal(lines.filter((line) => line.includes('network')).length, 1);
});

test('only the copy of the workspace can be written', () => {
  const writes = lines.filter((line) => line.startsWith('(allow') && line.includes('file-write'));
  assert.deepEqual(writes, [
    '(allow file-read* file-write* (subpath "/private/tmp/copy"))',
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/dtracehelper"))',
  ]);
});

// Of several rules that match the last one decides.
test('the home folder is closed but for toolchains, and private folders whatever stands before', () => {
  assert.ok(at('(subpath "/Users/ada") ') < at('(allow file-read* (subpath "/Users/ada/.nvm"))'));
  assert.ok(at('"/Users/ada/.ssh"') > at('file-write* (subpath "/private/tmp/copy")'));
  assert.ok(at('(subpath "/data")') > at('file-write* (subpath "/private/tmp/copy")'));
  assert.match(lines[at('"/Users/ada/.ssh"')] ?? '', /^\(deny file-read\* file-write\* .*"\/Users\/ada\/Library"/);
});

test('a name cannot end its string', () => {
  const profile = seatbeltProfile({ ...places, writable: ['/tmp/a") (allow default) ("\\'] });
  assert.ok(profile.includes('(subpath "/tmp/a\\") (allow default) (\\"\\\\")'));
  assert.throws(() => seatbeltProfile({ ...places, writable: ['/tmp/a\nb'] }), /control character/);
});
