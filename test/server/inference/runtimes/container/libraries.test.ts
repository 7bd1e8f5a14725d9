import assert from 'node:assert/strict';
import { test } from 'node:test';
import { librariesOf, parseLdd } from '../../../../../server/inference/runtimes/container/libraries.ts';

test('the libraries of a program are those that ldd names, with the loader', () => {
  const text = `	linux-vdso.so.1 (0x00007ffc)
	libdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f1)
	libc.so.6 => /opt/own/libc.so.6 (0x00007f1)
	/lib64/ld-linux-x86-64.so.2 (0x00007f2)
`;
  assert.deepEqual(parseLdd(text, 'node'), [
    '/lib/x86_64-linux-gnu/libdl.so.2',
    '/opt/own/libc.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ]);
});

test('musl and libraries that are missing are said', () => {
  const musl = '	/lib/ld-musl-x86_64.so.1 (0x7f)\n	libc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f)\n';
  assert.throws(() => parseLdd(musl, 'node'), { code: 'image_failed', message: /musl/ });
  const gap = '	libatomic.so.1 => not found\n';
  assert.throws(() => parseLdd(gap, 'node'), { code: 'image_failed', message: /libatomic\.so\.1/ });
});

test('of the Node that runs this there are some', { skip: process.platform !== 'linux' }, async () => {
  const found = await librariesOf([process.execPath]);
  assert.ok(found.some((path) => path.includes('libc.so')) && found.some((path) => path.includes('ld-')), `${found}`);
});

test('where ldd cannot be had that is said', { skip: process.platform !== 'linux' }, async () => {
  await assert.rejects(librariesOf(['/nowhere/node']), { code: 'image_failed', hint: /libc-bin/ });
});
