import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { ModelRef } from '../../../../protocol/index.ts';
import { findAdoptable } from '../../../../server/models/adopt/adopt.ts';
import { modelName, quantisationIn } from '../../../../server/models/adopt/foundModel.ts';
import { tempFolder } from '../../../support/temp.ts';

const HASH = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

/** A home with files in it; answers what is found there, with paths as they are below the home. */
function home() {
  const temp = tempFolder('adopt');
  const { path } = temp;
  const write = (name: string, content: string | Buffer = 'GGUF') => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  const link = (name: string, target: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    symlinkSync(target, join(path, name));
  };
  const find = async (env: NodeJS.ProcessEnv = {}, mostEntries = 1000) => {
    const { models, isCut } = await findAdoptable({ env, home: path, mostEntries });
    const found = models.map(({ files, ...model }) => ({
      ...model,
      files: files.map(
        (file) => `${file.path.slice(path.length + 1)} ${file.bytes} ${file.sha256?.slice(0, 3) ?? '-'}`,
      ),
    }));
    return { found, isCut };
  };
  return { ...temp, path, write, link, find };
}

const manifest = (layers: readonly object[]) => JSON.stringify({ schemaVersion: 2, layers });
const layer = (digest: string, size = 4, mediaType = 'application/vnd.ollama.image.model') => ({
  mediaType,
  digest,
  size,
});
const BLOB = `.ollama/models/blobs/sha256-${HASH}`;

describe('Ollama', () => {
  const MANIFESTS = '.ollama/models/manifests';

  it('names its models, tags, files and hashes', async () => {
    using at = home();
    at.write(BLOB);
    const layers = [layer(`sha256:${OTHER}`, 9, 'application/vnd.ollama.image.template'), layer(`sha256:${HASH}`)];
    at.write(`${MANIFESTS}/registry.ollama.ai/library/qwen2.5-coder/7b`, manifest(layers));
    at.write(`${MANIFESTS}/hf.co/org/Repo GGUF/Q4_K_M`, manifest(layers));
    const files = [`${BLOB} 4 aaa`];
    assert.deepEqual((await at.find()).found, [
      { program: 'Ollama', name: 'Repo-GGUF', tag: 'Q4_K_M', files },
      { program: 'Ollama', name: 'qwen2.5-coder', tag: '7b', files },
    ]);
  });

  it('also elsewhere, once', async () => {
    using at = home();
    at.write(BLOB);
    at.write(`${MANIFESTS}/r/library/qwen/7b`, manifest([layer(`sha256:${HASH}`)]));
    renameSync(join(at.path, '.ollama'), join(at.path, 'disk'));
    at.link('.ollama', join(at.path, 'disk'));
    const { found } = await at.find({ OLLAMA_MODELS: join(at.path, 'disk/models') });
    assert.deepEqual(
      found.map(({ files }) => files),
      [[`disk/models/blobs/sha256-${HASH} 4 aaa`]],
    );
    assert.equal((await at.find({ OLLAMA_MODELS: 'relative' })).found.length, 1);
  });

  it('what makes no sense is passed over', async () => {
    using at = home();
    at.write(BLOB);
    at.write('secret.gguf');
    at.link(`.ollama/models/blobs/sha256-${OTHER}`, join(at.path, 'secret.gguf'));
    const broken: Record<string, string | Buffer> = {
      empty: '',
      noJson: '{',
      noLayers: '{}',
      nothing: manifest([]),
      cloud: manifest([layer(`sha256:${HASH}`, 4, 'application/vnd.ollama.image.license')]),
      otherSize: manifest([layer(`sha256:${HASH}`, 5)]),
      missing: manifest([layer(`sha256:${'c'.repeat(64)}`)]),
      out: manifest([layer('sha256:../../../secret.gguf')]),
      linked: manifest([layer(`sha256:${OTHER}`)]),
      huge: Buffer.alloc(2_000_000, ' '),
    };
    for (const [tag, content] of Object.entries(broken)) at.write(`${MANIFESTS}/r/library/qwen/${tag}`, content);
    at.write(`${MANIFESTS}/tooShallow`, manifest([layer(`sha256:${HASH}`)]));
    at.write(`${MANIFESTS}/r/library/qwen/sub/deep/7b`, manifest([layer(`sha256:${HASH}`)]));
    at.write('elsewhere/library/qwen/7b', manifest([layer(`sha256:${HASH}`)]));
    at.link(`${MANIFESTS}/linked`, join(at.path, 'elsewhere'));
    assert.deepEqual((await at.find()).found, []);
  });
});

describe('LM Studio', () => {
  it('names files, with all parts of a split one', async () => {
    using at = home();
    const repo = '.lmstudio/models/org/Qwen3-4B-GGUF';
    at.write(`${repo}/Qwen3-4B-Q4_K_M.gguf`);
    at.write(`${repo}/mmproj-Qwen3-4B-F16.gguf`);
    at.write(`${repo}/Qwen3-4B-Q8_0-00002-of-00002.gguf`);
    at.write(`${repo}/Qwen3-4B-Q8_0-00001-of-00002.gguf`);
    at.write(`${repo}/Qwen3-4B-F16-00002-of-00002.gguf`);
    at.write(`${repo}/README.md`);
    at.write('.cache/lm-studio/models/org/b/b.GGUF');
    at.write('elsewhere.gguf');
    at.link(`${repo}/linked.gguf`, join(at.path, 'elsewhere.gguf'));
    const model = { program: 'LM Studio', name: 'Qwen3-4B' };
    assert.deepEqual((await at.find()).found, [
      { ...model, tag: 'Q4_K_M', files: [`${repo}/Qwen3-4B-Q4_K_M.gguf 4 -`] },
      {
        ...model,
        tag: 'Q8_0',
        files: [1, 2].map((n) => `${repo}/Qwen3-4B-Q8_0-0000${n}-of-00002.gguf 4 -`),
      },
      { program: 'LM Studio', name: 'b', tag: undefined, files: ['.cache/lm-studio/models/org/b/b.GGUF 4 -'] },
    ]);
  });

  it('where it says that its home is', async () => {
    using at = home();
    at.write('.lmstudio-home-pointer', `${join(at.path, 'moved')}\n`);
    at.write('moved/models/org/a/a.gguf');
    assert.deepEqual((await at.find()).found[0]?.files, ['moved/models/org/a/a.gguf 4 -']);
  });
});

describe('the cache of Hugging Face', () => {
  const REPO = '.cache/huggingface/hub/models--org--Qwen3-4B-GGUF';

  it('follows its own links to blobs, and no other', async () => {
    using at = home();
    at.write(`${REPO}/blobs/${HASH}`);
    at.write(`${REPO}/blobs/${'1'.repeat(40)}`, 'small');
    at.write('secret.gguf');
    at.write('.cache/huggingface/hub/models--org--other/blobs/x');
    for (const commit of ['c1', 'c2']) at.link(`${REPO}/snapshots/${commit}/q-Q4_K_M.gguf`, `../../blobs/${HASH}`);
    at.link(`${REPO}/snapshots/c2/sub/small-F16.gguf`, `../../../blobs/${'1'.repeat(40)}`);
    at.link(`${REPO}/snapshots/c2/out.gguf`, join(at.path, 'secret.gguf'));
    at.link(`${REPO}/snapshots/c2/otherRepo.gguf`, '../../../models--org--other/blobs/x');
    at.link(`${REPO}/snapshots/c2/dangling.gguf`, '../../blobs/none');
    at.link(`${REPO}/snapshots/c2/loop.gguf`, 'loop.gguf');
    at.write(`${REPO}/snapshots/c2/real-Q8_0.gguf`);
    at.write('.cache/huggingface/hub/datasets--org--x/snapshots/c/a.gguf');
    const model = { program: 'Hugging Face', name: 'Qwen3-4B' };
    assert.deepEqual((await at.find()).found, [
      { ...model, tag: 'Q4_K_M', files: [`${REPO}/blobs/${HASH} 4 aaa`] },
      { ...model, tag: 'Q8_0', files: [`${REPO}/snapshots/c2/real-Q8_0.gguf 4 -`] },
      { ...model, tag: 'F16', files: [`${REPO}/blobs/${'1'.repeat(40)} 5 -`] },
    ]);
  });

  it('follows no blobs that are elsewhere', async () => {
    using at = home();
    at.write(`elsewhere/${HASH}`);
    at.link(`${REPO}/blobs`, join(at.path, 'elsewhere'));
    at.link(`${REPO}/snapshots/c/a.gguf`, `../../blobs/${HASH}`);
    assert.deepEqual((await at.find()).found, []);
  });

  it('where the environment says', async () => {
    using at = home();
    at.write('a/models--o--r/snapshots/c/a.gguf');
    at.write('b/hub/models--o--r/snapshots/c/b.gguf');
    const env = { HF_HUB_CACHE: join(at.path, 'a'), HF_HOME: join(at.path, 'b') };
    assert.equal((await at.find(env)).found.length, 2);
  });
});

it('nothing there is nothing found', async () => {
  using at = home();
  assert.deepEqual(await at.find(), { found: [], isCut: false });
});

it('looks at a number of entries only, and says so', async () => {
  using at = home();
  for (let n = 0; n < 50; n++) at.write(`.lmstudio/models/org/r${n}/a.gguf`);
  assert.deepEqual([(await at.find()).found.length, (await at.find({}, 20)).isCut], [50, true]);
  assert.ok((await at.find({}, 60)).found.length < 50);
});

it('names fit, whatever the others are called', () => {
  const names = {
    'Qwen3 4B': 'Qwen3-4B',
    '..': 'model',
    '../x': 'x',
    'a..b': 'a.b',
    ü: 'model',
    'a.': 'a',
    ['x'.repeat(200)]: 'x'.repeat(100),
  };
  for (const [text, name] of Object.entries(names)) {
    assert.equal(modelName(text), name);
    assert.ok(ModelRef.safeParse(name).success);
  }
  const quantisations = {
    'a-Q4_K_M.gguf': 'Q4_K_M',
    'a.iq2_xxs.gguf': 'IQ2_XXS',
    'a-BF16-00001-of-00002.gguf': 'BF16',
    'q4.gguf': undefined,
  };
  for (const [file, tag] of Object.entries(quantisations)) assert.equal(quantisationIn(file), tag, file);
});
