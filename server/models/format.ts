import { extname } from 'node:path';
import type { ModelFormat } from '../../protocol/index.ts';
import { type ByteSource, withFile } from './byteSource.ts';
import { isSafetensors, readSafetensors, type SafetensorsInfo } from './safetensors.ts';

/** What a file is; what it tells more when its format says so in its beginning. GGUF tells it to `readGguf`. */
export type FileFormat =
  | { readonly format: Exclude<ModelFormat, 'safetensors'> | 'unknown' }
  | ({ readonly format: 'safetensors' } & SafetensorsInfo);

/** Enough for the name of the first file of a ZIP archive. */
const START = 512;

/**
 * Recognises a model file by how it begins, where that is not enough also by the ending of its `name`. Nothing is unpacked
 * and nothing is unpickled. Throws `model_missing`, or `model_unreadable` for a damaged file of a known format.
 */
export function recognizeFormat(path: string, name = path): FileFormat {
  return withFile(path, (source) => {
    const start = readStart(source);
    const ending = extname(name).toLowerCase();
    if (start.toString('latin1', 0, 4) === 'GGUF') return { format: 'gguf' };
    if (isSafetensors(start)) return { format: 'safetensors', ...readSafetensors(source) };
    if (isPytorch(start, ending)) return { format: 'pytorch' };
    if (ending === '.onnx' && isOnnx(start)) return { format: 'onnx' };
    return { format: 'unknown' };
  });
}

function readStart(source: ByteSource): Buffer {
  const start = Buffer.alloc(START);
  return start.subarray(0, source.read(start, 0));
}

const pytorchEndings = ['.bin', '.ckpt', '.pt', '.pth'];
/** Of the pickled number with which checkpoints begin that are no archives; `MAGIC_NUMBER` in torch/serialization.py. */
const LEGACY = '80028a0a6cfc9c46f9206aa850192e';

function isPytorch(start: Buffer, ending: string): boolean {
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04') return /(^|\/)data\.pkl$/.test(firstName(start));
  if (start.toString('hex', 0, LEGACY.length / 2) === LEGACY) return true;
  const [pickle = 0, protocol = 0] = start;
  return pickle === 0x80 && protocol >= 2 && protocol <= 5 && pytorchEndings.includes(ending);
}

/** Of a ZIP archive; APPNOTE.TXT of PKWARE, 4.3.7. */
function firstName(start: Buffer): string {
  if (start.length < 30) return '';
  return start.toString('latin1', 30, 30 + start.readUInt16LE(26));
}

/** Keys of fields that may follow the first in a `ModelProto`; onnx.proto. */
const onnxKeys = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72];

/** A `ModelProto` begins with the version of the format, a small number. */
function isOnnx(start: Buffer): boolean {
  const [key = 0, version = 0, next = 0] = start;
  return key === 0x08 && version > 0 && version < 0x80 && onnxKeys.includes(next);
}
