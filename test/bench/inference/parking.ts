import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { tempFolder } from '../../support/temp.ts';

const ROUNDS = 5;
const TOKENS = 1000;

/**
 * The evaluated state of a conversation, written to a file and restored, against evaluating it again: what it would be
 * worth to keep the state of a parked task. Enciphered as it would have to be.
 */
export async function measureParking(report: Report, model: string): Promise<void> {
  using folder = tempFolder('bench-parking');
  const { getLlama } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 });
  const loaded = await llama.loadModel({ modelPath: model });
  const context = await loaded.createContext({ contextSize: TOKENS + 24, threads: 1 });
  const sequence = context.getSequence();
  const tokens = loaded.tokenize('some words of a conversation '.repeat(TOKENS)).slice(0, TOKENS);
  const [plain, sealed] = [join(folder.path, 'state'), join(folder.path, 'sealed')];
  const [key, iv] = [randomBytes(32), randomBytes(12)];
  let bytes = 0;
  const save = async () => {
    ({ fileSize: bytes } = await sequence.saveStateToFile(plain));
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    writeFileSync(sealed, Buffer.concat([cipher.update(readFileSync(plain)), cipher.final(), cipher.getAuthTag()]));
    rmSync(plain);
  };
  const restore = async () => {
    const whole = readFileSync(sealed);
    const cipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(whole.subarray(-16));
    writeFileSync(plain, Buffer.concat([cipher.update(whole.subarray(0, -16)), cipher.final()]));
    await sequence.loadStateFromFile(plain, { acceptRisk: true });
    rmSync(plain);
  };
  await sequence.evaluateWithoutGeneratingNewTokens(tokens);
  const times = await interleave(ROUNDS, {
    save: () => timed(save),
    restore: async () => {
      await sequence.clearHistory();
      return timed(restore);
    },
    evaluate: async () => {
      await sequence.clearHistory();
      return timed(() => sequence.evaluateWithoutGeneratingNewTokens(tokens));
    },
  });
  const evaluate = median(times.evaluate);
  const vs = `evaluating ${TOKENS} tokens again`;
  for (const way of ['save', 'restore'] as const) {
    const value = round(median(times[way]));
    report({ measure: `${way} the state of a conversation`, value, unit: 'ms', vs, ratio: round(value / evaluate, 3) });
  }
  report({ measure: 'state of a conversation', value: round(bytes / TOKENS), unit: 'bytes/token' });
}
