import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  parseRegistryFile,
  REG_EXPAND_SZ,
  REG_SZ,
  registryFile,
  textOf,
  textValue,
} from '../../../cli/windows/registryFile.ts';

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

/** As `reg export HKCU\Environment` wrote it: long values go on in the next line. */
const exported = utf16(
  [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_CURRENT_USER\\Environment]',
    '@="def"',
    '"B"=hex:01,02',
    '"D"=dword:0000000a',
    '"Path"=hex(2):43,00,3a,00,5c,00,47,00,72,00,f6,00,df,00,65,00,3b,00,25,00,41,\\',
    '  00,25,00,5c,00,62,00,69,00,6e,00,00,00',
    '"Quote\\"d"="C:\\\\x \\"y\\""',
    '',
    '[HKEY_CURRENT_USER\\Environment\\Below]',
    '"Path"="another"',
    '',
  ].join('\r\n'),
);

it('reads every kind of value', () => {
  const keys = parseRegistryFile(exported);
  const values = keys.get('hkey_current_user\\environment') ?? new Map();
  assert.deepEqual([...values.keys()], ['', 'B', 'D', 'Path', 'Quote"d']);
  const path = values.get('Path');
  assert.deepEqual([path.type, textOf(path)], [REG_EXPAND_SZ, 'C:\\Größe;%A%\\bin']);
  assert.deepEqual(values.get('Quote"d'), textValue(REG_SZ, 'C:\\x "y"'));
  assert.deepEqual([...values.get('B').bytes], [1, 2]);
  assert.equal(values.get('D').bytes.readUInt32LE(), 10);
  assert.equal(textOf(keys.get('hkey_current_user\\environment\\below')?.get('Path') ?? textValue(1, '')), 'another');
});

it('reads what it writes, to the byte', () => {
  const value = { type: REG_EXPAND_SZ, bytes: Buffer.from('C:\\ü;\ud800x\0\0', 'utf16le') };
  const keys = parseRegistryFile(registryFile('HKEY_CURRENT_USER\\A b', 'say "x\\y"', value));
  assert.deepEqual(keys.get('hkey_current_user\\a b')?.get('say "x\\y"'), value);
});

it('takes a value away', () => {
  const text = registryFile('HKEY_CURRENT_USER\\A', 'Path', null).toString('utf16le');
  assert.equal(text, '\ufeffWindows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\A]\r\n"Path"=-\r\n');
});

it('refuses a file of another encoding, which would damage what is in it', () => {
  assert.throws(() => parseRegistryFile(Buffer.from('Windows Registry Editor')), /not UTF-16/);
});
