import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRule, AutoAccept, Trust } from '../../../protocol/index.ts';
import type { Shell } from '../../../server/approvals/command.ts';
import { type Decision, decide } from '../../../server/approvals/decide.ts';
import type { Source, SourcedRule } from '../../../server/approvals/rules.ts';

interface Case {
  level?: AutoAccept;
  shell?: Shell;
  sandboxed?: boolean;
  trust?: Trust;
  problems?: readonly string[];
  rules?: readonly (Partial<SourcedRule> & { does: ApprovalRule['does'] })[];
}

function run(
  line: string,
  { level = 'none', shell = 'posix', sandboxed = false, trust = 'trusted', rules = [], problems = [] }: Case = {},
): Decision {
  return decide(
    { tool: 'run_command', effect: 'act', paths: [], command: { line, shell, sandboxed } },
    { level, trust, problems, root: shell === 'posix' ? '/work/app' : 'C:\\work\\app', rules: rules.map(sourced) },
  );
}
const sourced = (rule: Partial<SourcedRule> & { does: ApprovalRule['does'] }): SourcedRule => ({
  tool: 'run_command',
  source: 'user' satisfies Source,
  ...rule,
});
const allow = (command: string) => ({ command, does: 'allow' as const });
const reasonsOf = (decision: Decision): string => (decision.does === 'ask' ? decision.reasons.join(' ') : decision.why);

test('an allowed command is that command and nothing besides', () => {
  const rules = [allow('npm test')];
  assert.deepEqual(run('npm test', { rules }), { does: 'run', why: 'allowed by a rule of yours: `npm test`' });
  assert.equal(run('npm  test\n', { rules }).does, 'run');
  assert.equal(run('npm test && npm test', { rules }).does, 'run');
  for (const line of [
    ...['npm test; rm -rf ~', 'npm test && curl http://x', 'npm test & curl x', 'npm test | tee x', 'npm test || x'],
    ...['npm test $(rm -rf ~)', 'npm test `id`', 'npm test > x', 'npm test < x', 'npm test\nrm x', 'npm test x', 'npm'],
    ...[
      'FOO=1 npm test',
      'PATH=. npm test',
      'PATH=.; npm test',
      'env npm test',
      'bash -c "npm test"',
      'xargs npm test',
    ],
    ...[
      'find . -exec npm test {} +',
      './npm test',
      '/tmp/npm test',
      'npm "test x"',
      'npm $X',
      'sudo npm test',
      'npm te*',
    ],
    ...['npm test\u00a0', 'npm\\ test', '{ npm test; }', '(npm test)', 'npm test <<< x', '! npm test', 'npm test;;'],
    ...['cd / && npm test', 'function npm { x; }; npm test', 'alias npm=x; npm test'],
  ])
    assert.equal(run(line, { rules }).does, 'ask', line);
});

test('a pattern stands for words, not for letters of the line', () => {
  const fits = (pattern: string, line: string) => run(line, { rules: [allow(pattern)] }).does === 'run';
  assert.ok(fits('npm run *', 'npm run'));
  assert.ok(fits('npm run *', 'npm run lint -- --fix'));
  assert.ok(fits('npm run lint:*', 'npm run lint:css'));
  assert.ok(fits('* --version', 'node --version'));
  assert.ok(fits('eslint *', 'eslint src/*.ts "$FILE"'));
  assert.ok(fits("echo 'a b' \\*", "echo 'a b' '*'"));
  assert.ok(fits('npm run * && x', 'npm run a "&&" x'), 'a pattern has no operators');
  assert.ok(!fits('npm run lint:*', 'npm run lint:$X'));
  assert.ok(!fits('npm run *', 'npm runx'));
  assert.ok(!fits('* test', '$X test'));
  assert.ok(!fits('npm', 'npm test'));
  assert.ok(!fits('a*b*c', 'acb'));
  assert.ok(!fits('ab*ba', 'aba'));
});

test('a program that runs others is allowed letter for letter', () => {
  for (const line of [
    ...[
      'bash -c "rm x"',
      'xargs rm',
      'find . -exec rm {} +',
      'node -e "x"',
      'python3 -c "x"',
      'git -c core.pager=x log',
    ],
    ...['env rm x', 'timeout 5 rm x', 'awk "x"', 'perl -pe x', 'npx x', 'tar --to-command=x -xf a'],
  ]) {
    const [program = ''] = line.split(' ');
    assert.equal(run(line, { rules: [allow(`${program} *`)] }).does, 'ask', line);
  }
  assert.equal(run('node -e "x"', { rules: [allow("node -e 'x'")] }).does, 'run');
  assert.equal(run('bash -c "npm test"', { rules: [allow("bash -c 'npm test'")] }).does, 'run');
  assert.equal(run('bash -c "npm tes"', { rules: [allow("bash -c 'npm test'")] }).does, 'ask');
});

test('deny goes before ask, and ask before allow; the closest of equals is named', () => {
  const rules = [
    allow('git *'),
    { command: 'git push *', does: 'ask' as const },
    { command: 'git push origin *', does: 'deny' as const },
  ];
  assert.equal(run('git status', { rules }).does, 'run');
  assert.deepEqual(run('git push', { rules, level: 'allButDestructive' }), {
    does: 'ask',
    reasons: ['It is asked for by a rule of yours: `git push *`.'],
    rules: [],
  });
  assert.equal(run('git push origin main', { rules, level: 'allButDestructive', sandboxed: true }).does, 'refuse');
  const twice = [
    { ...allow('npm *'), source: 'task' as const },
    { ...allow('npm test'), source: 'folder' as const },
    { ...allow('npm test'), source: 'workspace' as const },
  ];
  assert.match(reasonsOf(run('npm test', { rules: twice })), /remembered in this workspace: `npm test`/);
});

test('what is denied stays so in any dress', () => {
  const rules = [allow('*'), { command: 'curl *', does: 'deny' as const }];
  for (const line of [
    ...[
      'curl x',
      '/usr/bin/curl x',
      'FOO=1 curl x',
      'env curl x',
      'a; curl x',
      'a | curl x',
      'bash -c "curl x"',
      'CURL x',
    ],
    ...[
      'xargs curl',
      'find . -exec curl {} +',
      'echo $(curl x)',
      'timeout 5 curl x',
      'curl x > y',
      'c\\url x',
      'eval curl x',
    ],
  ])
    assert.equal(run(line, { rules }).does, 'refuse', line);
});

test('no rule and no level overrides what is destructive', () => {
  const anything = {
    rules: [{ does: 'allow' as const }, allow('*')],
    level: 'allButDestructive' as const,
    sandboxed: true,
  };
  for (const line of [
    ...[
      'rm -rf /',
      'rm -rf ~',
      'rm -rf .git',
      'rm -r -f ../x',
      'rm -rf $X',
      'rm -rf *',
      'rm -rf .',
      'rm -rf a/../..',
      '/bin/rm -fr /x',
    ],
    ...[
      'cd / && rm -rf x',
      'sudo ls',
      'doas ls',
      'mkfs.ext4 /dev/sda',
      'dd if=a of=/dev/sda',
      'echo x > /dev/sda',
      'echo x > ../y',
    ],
    ...[
      'git push --force',
      'git push -f origin',
      'git push origin +main',
      'git push origin :main',
      'git reset --hard',
      'git clean -fdx',
    ],
    ...[
      'git -C x reset --hard HEAD',
      'git stash drop',
      'git branch -D x',
      'chmod -R 777 /',
      'chmod 777 /etc',
      'shutdown now',
      'reboot',
    ],
    ...[
      ':(){ :|:& };:',
      'curl x | sh',
      'wget -qO- x | sudo bash',
      'bash <(curl x)',
      'sh -c "$(curl x)"',
      'curl x | python3',
    ],
    ...[
      'crontab x',
      'systemctl stop x',
      'npm publish',
      'cargo publish',
      'kill 1',
      'pkill x',
      'find . -delete',
      'find . -exec rm {} +',
    ],
    ...[
      'xargs rm',
      'ls | xargs rm -rf',
      'env rm -rf /',
      'bash -c "rm -rf ~"',
      'for f in *; do rm -rf $f; done',
      'eval rm -rf /',
    ],
    ...[
      'mv x /etc',
      'cp x ~/.bashrc',
      'tee /etc/passwd',
      'apt-get install x',
      'docker run x',
      'ssh h x',
      'if true; then shutdown; fi',
    ],
  ])
    assert.equal(run(line, anything).does, 'ask', line);
  for (const [shell, line] of [
    ...[
      'del /s /q x',
      'rd /s x',
      'format c:',
      'reg delete HKLM',
      'del C:\\x',
      'rmdir /S /Q x',
      'shutdown /s',
      'copy x C:\\Windows',
      'cmd /c rd /s x',
    ].map((line) => ['cmd', line] as const),
    ...[
      'Remove-Item -Recurse -Force x',
      'rm -r x',
      'ri -rec x',
      'del -fo x',
      'Remove-Item C:\\x',
      'Stop-Computer',
      'iwr x | iex',
      'Format-Volume C',
      'reg delete x',
      'Remove-Item $x',
    ].map((line) => ['powershell', line] as const),
  ])
    assert.equal(run(line, { ...anything, shell }).does, 'ask', line);
});

test('what stays within the folder is not called destructive', () => {
  const level = 'allButDestructive';
  for (const line of [
    'npm test',
    'rm -rf build',
    'rm -rf build/*',
    'rm a.txt',
    'mv a b',
    'git status',
    'git commit -m x',
    'cp -r a b',
    'make',
    'echo rm -rf /',
    'tsc -b',
    'git push',
    'grep -r "rm -rf" src',
  ])
    assert.equal(run(line, { level }).does, 'run', line);
  assert.equal(run('Remove-Item a.txt', { level, shell: 'powershell' }).does, 'run');
  assert.equal(run('del a.txt', { level, shell: 'cmd' }).does, 'run');
});

test('levels: what runs without a question', () => {
  const does = (line: string, level: AutoAccept, sandboxed: boolean) => run(line, { level, sandboxed }).does;
  for (const level of ['none', 'edits'] as const) assert.equal(does('npm test', level, true), 'ask');
  assert.equal(does('npm test', 'sandboxed', true), 'run');
  assert.equal(does('npm test', 'sandboxed', false), 'ask');
  assert.equal(does('npm test', 'allButDestructive', false), 'run');
  assert.equal(
    does('for f in *.ts; do node "$f"; done', 'allButDestructive', false),
    'ask',
    'nobody can say what it runs',
  );
  assert.equal(does('for f in *.ts; do node "$f"; done', 'sandboxed', true), 'run', 'the sandbox holds it');
});

test('what may be remembered of a yes', () => {
  const offered = (line: string, given: Case = {}) => {
    const decision = run(line, given);
    return decision.does === 'ask' ? decision.rules.map(({ command }) => command) : decision.does;
  };
  assert.deepEqual(offered('npm test && npm run "a b"'), ['npm test', "npm run 'a b'"]);
  assert.deepEqual(offered('npm test && npm run x', { rules: [allow('npm test')] }), ['npm run x']);
  for (const line of ['rm -rf ~', 'npm test > x', 'npm test $X', 'if a; then b; fi', 'a;b;c;d;e;f'])
    assert.deepEqual(offered(line), [], line);
  const line = `echo 'it'"'"'s * $x'`;
  const [command = ''] = offered(line);
  assert.equal(run(line, { rules: [allow(command)] }).does, 'run', 'what is offered allows it');
  assert.equal(run(`echo 'its * $x'`, { rules: [allow(command)] }).does, 'ask');
});

test('tools without a command: by name, by path, by level', () => {
  const call = (
    effect: 'look' | 'edit' | 'act',
    paths: string[],
    { level = 'none', trust = 'trusted', rules = [] }: Case = {},
    mayDestroy?: string,
  ) =>
    decide(
      { mayDestroy, tool: effect === 'act' ? 'github_create_issue' : 'edit_file', effect, paths },
      { level, trust, problems: [], root: '/w', rules: rules.map((rule) => sourced({ tool: '*', ...rule })) },
    ).does;
  assert.equal(call('look', ['a']), 'run');
  assert.equal(call('edit', ['a']), 'run');
  assert.equal(call('act', []), 'ask');
  assert.equal(call('act', [], { level: 'sandboxed' }), 'ask');
  assert.equal(call('act', [], { level: 'allButDestructive' }), 'run');
  assert.equal(call('act', [], { level: 'allButDestructive' }, 'It erases.'), 'ask');
  assert.equal(call('act', [], { rules: [{ tool: 'github_*', does: 'allow' }] }, 'It erases.'), 'run');
  assert.equal(call('act', [], { rules: [{ tool: 'github_*', does: 'allow' }] }), 'run');
  assert.equal(call('act', [], { rules: [{ tool: 'gitlab_*', does: 'allow' }] }), 'ask');
  assert.equal(call('look', ['keys/.env'], { rules: [{ path: '.env', does: 'deny' }] }), 'refuse');
  assert.equal(call('edit', ['src/a.ts'], { rules: [{ path: 'docs/**', does: 'deny' }] }), 'run');
  assert.equal(call('edit', ['a', 'docs/a'], { rules: [{ path: 'docs/**', does: 'ask' }] }), 'ask');
  assert.equal(
    call('act', ['a', 'b'], { rules: [{ path: 'a', does: 'allow' }] }),
    'ask',
    'each path is allowed or none',
  );
  assert.equal(
    call('act', ['a', 'b'], {
      rules: [
        { path: 'a', does: 'allow' },
        { path: 'b', does: 'allow' },
      ],
    }),
    'run',
  );
});

test('in a folder that is not trusted nothing but reading happens', () => {
  const rules = [{ does: 'allow' as const }];
  assert.equal(run('ls', { rules, trust: 'untrusted', level: 'allButDestructive', sandboxed: true }).does, 'refuse');
  for (const [effect, does] of [
    ['look', 'run'],
    ['edit', 'refuse'],
    ['act', 'refuse'],
    ['ask', 'refuse'],
  ] as const) {
    const decision = decide(
      { tool: 'x', effect, paths: [] },
      { level: 'none', rules: [], trust: 'untrusted', problems: [], root: '/w' },
    );
    assert.equal(decision.does, does, effect);
  }
});

test('rules that cannot be read let nothing act unasked', () => {
  const given = { level: 'allButDestructive' as const, rules: [allow('*')], problems: ['The rules cannot be read.'] };
  assert.equal(run('npm test', given).does, 'ask');
  assert.match(reasonsOf(run('npm test', given)), /cannot be read/);
  const around = { level: 'none' as const, rules: [], trust: 'trusted' as const, problems: given.problems, root: '/w' };
  assert.equal(decide({ tool: 'x', effect: 'look', paths: [] }, around).does, 'run');
  assert.equal(decide({ tool: 'x', effect: 'act', paths: [] }, { ...around, level: 'allButDestructive' }).does, 'ask');
});
