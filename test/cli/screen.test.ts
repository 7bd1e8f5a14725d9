import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createScreen, type OutStream } from '../../cli/screen.ts';

function streams(terminal: boolean) {
  const make = () =>
    Object.assign(
      new PassThrough(),
      terminal ? { isTTY: true, columns: 40, hasColors: () => true } : {},
    ) as PassThrough & OutStream;
  const [stdout, stderr] = [make(), make()];
  const read = (stream: PassThrough) => String(stream.read() ?? '');
  return { stdout, stderr, env: {}, out: () => read(stdout), err: () => read(stderr) };
}

/** Escape sequences as people write them. */
const visible = (text: string) =>
  text
    .split('\u001b[')
    .join('⟦')
    .replace(/⟦(\d*[A-Za-z])/g, '<$1>');

describe('screen', () => {
  it('is quiet in a pipe', () => {
    const { out, err, ...where } = streams(false);
    const screen = createScreen({ ...where, json: false, colours: true });
    screen.live({ text: 'working', since: 0, tail: '' });
    screen.note('a step');
    screen.print(screen.paint.red(screen.safe('\u001bresult')));
    screen.data({ task: 1 });
    screen.live(null);
    assert.equal(out(), '\u001bresult\n');
    assert.equal(err(), '');
  });

  it('keeps one live line below the others on a terminal', () => {
    const { out, err, ...where } = streams(true);
    const screen = createScreen({ ...where, json: false, colours: true });
    screen.live({ text: 'working', since: performance.now(), tail: `${'x'.repeat(100)}end\u001b[2J` });
    assert.match(visible(err()), /^\r<K>. working 0\.0 s <2m>…x+end\ufffd\[2J<22m>$/);
    screen.note('a step');
    assert.match(visible(err()), /^\r<K>a step\n\r<K>. working/);
    screen.print(screen.paint.green('result'));
    assert.equal(out(), '\u001b[32mresult\u001b[39m\n');
    screen.live(null);
    assert.ok(err().endsWith('\r\u001b[K'));
  });

  it('shows how much is done as a bar', () => {
    const { err, ...where } = streams(true);
    const screen = createScreen({ ...where, json: false, colours: false });
    screen.live({ text: 'fetching', since: performance.now(), tail: '', part: 0.25 });
    assert.match(visible(err()), /^\r<K>. █{5}░{15} fetching 0\.0 s $/);
    screen.live({ text: 'fetching', since: performance.now(), tail: '', part: 7 });
    assert.match(visible(err()), /█{20} fetching/);
    screen.live(null);
  });

  it('has colours in a pipe when they are forced, and never with --no-color', () => {
    const red = (env: NodeJS.ProcessEnv, colours = true) =>
      createScreen({ ...streams(false), env, json: false, colours }).paint.red('x');
    assert.equal(red({}), 'x');
    assert.equal(red({ FORCE_COLOR: '0' }), 'x');
    assert.equal(red({ FORCE_COLOR: '1' }), '\u001b[31mx\u001b[39m');
    assert.equal(red({ FORCE_COLOR: '1' }, false), 'x');
  });

  it('writes data and nothing else with --json', () => {
    const { out, err, ...where } = streams(true);
    const screen = createScreen({ ...where, json: true, colours: true });
    screen.live({ text: 'working', since: 0, tail: '' });
    screen.note('a step');
    screen.print('result');
    screen.data({ task: 1 });
    assert.equal(out(), '{"task":1}\n');
    assert.equal(err(), '');
  });

  it('has no colours without them, and no live line on a dumb terminal', () => {
    const { out, err, ...where } = streams(true);
    const screen = createScreen({ ...where, env: { TERM: 'dumb' }, json: false, colours: false });
    screen.live({ text: 'working', since: 0, tail: '' });
    screen.print(screen.paint.green('result'));
    assert.equal(out(), 'result\n');
    assert.equal(err(), '');
  });
});
