/*
 * What somebody else on the machine tries, on the files, sockets and processes that it is told of. Plain JavaScript, so that it runs where
 * it was copied to. Prints JSON: what was let, and everything that could be read of what is open to all.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const { files, folders, sockets, pids, port, asks } = JSON.parse(readFileSync(0, 'utf8'));
/** @type {string[]} */
const let_ = [];
/** @type {{ what: string, text: string }[]} */
const read = [];

/** @param {string} what @param {() => unknown} deed */
function attempt(what, deed) {
  try {
    deed();
    let_.push(what);
  } catch {
    // Refused, as it should be.
  }
}

for (const file of files)
  for (const how of ['r', 'a', 'r+']) attempt(`open ${how} ${file}`, () => closeSync(openSync(file, how)));
for (const folder of folders) {
  attempt(`list ${folder}`, () => readdirSync(folder));
  attempt(`write in ${folder}`, () => writeFileSync(join(folder, 'mine'), ''));
}

for (const pid of pids) {
  for (const name of ['environ', 'maps', 'io', 'stack', 'auxv', 'pagemap', 'syscall', 'personality'])
    attempt(`read /proc/${pid}/${name}`, () => {
      const file = openSync(`/proc/${pid}/${name}`, 'r');
      readSync(file, Buffer.alloc(64), 0, 64, 0);
      closeSync(file);
    });
  attempt(`open /proc/${pid}/mem`, () => closeSync(openSync(`/proc/${pid}/mem`, 'r')));
  for (const name of ['fd', 'map_files', 'fdinfo'])
    attempt(`list /proc/${pid}/${name}`, () => readdirSync(`/proc/${pid}/${name}`));
  for (const name of ['cwd', 'root', 'exe'])
    attempt(`follow /proc/${pid}/${name}`, () => readlinkSync(`/proc/${pid}/${name}`));
  attempt(`signal ${pid}`, () => process.kill(pid, 0));
  for (const name of ['cmdline', 'comm', 'status'])
    read.push({ what: `/proc/${pid}/${name}`, text: readFileSync(`/proc/${pid}/${name}`, 'latin1') });
}
for (const name of ['/proc/net/unix', '/proc/locks']) read.push({ what: name, text: readFileSync(name, 'latin1') });
read.push({ what: 'ps', text: execFileSync('ps', ['axww', '-o', 'args']).toString('latin1') });

for (const path of sockets)
  await new Promise((resolve) => {
    const socket = connect(path, () => {
      let_.push(`connect ${path}`);
      socket.destroy();
    });
    socket.once('error', resolve).once('close', resolve);
  });

/** @type {{ ask: string, status: number }[]} */
const answers = [];
for (const { method, path, headers } of asks) {
  const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? '{}' : undefined;
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
    ...(body && { body }),
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, /** @type {RequestInit} */ (init));
  const ask = `${method} ${path}`;
  answers.push({ ask, status: answer.status });
  read.push({ what: ask, text: await answer.text() });
}

process.stdout.write(JSON.stringify({ let: let_, read, answers }));
