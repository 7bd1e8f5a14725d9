"""Writes trained weights as GGUF v3: architecture llama, byte-level BPE, ChatML template, F16 matrices.

usage: python3 export.py checkpoint.pt tok.json canary.gguf [training.json]
"""
import json
import struct
import sys

import numpy as np
import torch

from tokenizer import Tok

U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
NORMAL, CONTROL = 1, 3
CHATML = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
          "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def string(text):
    data = text.encode()
    return struct.pack('<Q', len(data)) + data


def scalar(key, kind, value):
    head = string(key) + struct.pack('<I', kind)
    if kind == STRING:
        return head + string(value)
    return head + struct.pack({U32: '<I', F32: '<f', BOOL: '<?'}[kind], value)


def array(key, kind, values):
    head = string(key) + struct.pack('<IIQ', ARRAY, kind, len(values))
    return head + (b''.join(map(string, values)) if kind == STRING else np.asarray(values, '<i4').tobytes())


def tensors(weights, layers):
    yield 'token_embd.weight', weights['emb']
    yield 'output_norm.weight', weights['nf.w']
    yield 'output.weight', weights['out']
    for i in range(layers):
        block, name = f'blocks.{i}.', f'blk.{i}.'
        q, k, v = np.split(weights[block + 'wqkv'], 3)
        gate, up = np.split(weights[block + 'w13'], 2)
        yield name + 'attn_norm.weight', weights[block + 'n1.w']
        yield name + 'attn_q.weight', q
        yield name + 'attn_k.weight', k
        yield name + 'attn_v.weight', v
        yield name + 'attn_output.weight', weights[block + 'wo']
        yield name + 'ffn_norm.weight', weights[block + 'n2.w']
        yield name + 'ffn_gate.weight', gate
        yield name + 'ffn_up.weight', up
        yield name + 'ffn_down.weight', weights[block + 'w2']


def metadata(c, tok):
    kinds = [NORMAL] * len(tok.tokens)
    for special in (tok.eot, tok.start, tok.end):
        kinds[special] = CONTROL
    return [
        scalar('general.architecture', STRING, 'llama'), scalar('general.name', STRING, 'ospain2 canary'),
        scalar('general.file_type', U32, 1), scalar('general.quantization_version', U32, 2), scalar('general.alignment', U32, 32),
        scalar('llama.vocab_size', U32, c['vocab']), scalar('llama.context_length', U32, c['ctx']),
        scalar('llama.embedding_length', U32, c['d']), scalar('llama.block_count', U32, c['layers']),
        scalar('llama.feed_forward_length', U32, c['ff']), scalar('llama.attention.head_count', U32, c['heads']),
        scalar('llama.attention.head_count_kv', U32, c['heads']),
        scalar('llama.attention.layer_norm_rms_epsilon', F32, c['eps']),
        scalar('llama.rope.dimension_count', U32, c['d'] // c['heads']), scalar('llama.rope.freq_base', F32, c['base']),
        scalar('tokenizer.ggml.model', STRING, 'gpt2'), scalar('tokenizer.ggml.pre', STRING, 'superbpe'),
        array('tokenizer.ggml.tokens', STRING, tok.tokens), array('tokenizer.ggml.token_type', I32, kinds),
        array('tokenizer.ggml.merges', STRING, [a + ' ' + b for a, b in tok.merges]),
        scalar('tokenizer.ggml.eos_token_id', U32, tok.end), scalar('tokenizer.ggml.padding_token_id', U32, tok.eot),
        scalar('tokenizer.ggml.add_bos_token', BOOL, False), scalar('tokenizer.ggml.add_space_prefix', BOOL, False),
        scalar('tokenizer.chat_template', STRING, CHATML),
    ]


def main(source, tok_file, target, facts=None):
    ck = torch.load(source, map_location='cpu')
    c, tok = ck['cfg'], Tok.load(tok_file)
    weights = {name: w.float().numpy() for name, w in ck['sd'].items()}
    infos, data, count = b'', b'', 0
    for name, w in tensors(weights, c['layers']):
        kind = 0 if w.ndim == 1 else 1
        infos += string(name) + struct.pack('<I', w.ndim) + b''.join(struct.pack('<Q', n) for n in w.shape[::-1])
        infos += struct.pack('<IQ', kind, len(data))
        raw = np.ascontiguousarray(w).astype('<f2' if kind else '<f4').tobytes()
        data += raw + b'\0' * (-len(raw) % 32)
        count += 1
    pairs = metadata(c, tok)
    head = b'GGUF' + struct.pack('<IQQ', 3, count, len(pairs)) + b''.join(pairs) + infos
    head += b'\0' * (-len(head) % 32)
    with open(target, 'wb') as file:
        file.write(head + data)
    if facts:
        with open(facts, 'w') as file:
            json.dump({'params': sum(w.size for w in weights.values()), 'contextLength': c['ctx'], 'steps': ck['step'],
                       'trainedTokens': ck['tokens'], 'trainedSeconds': round(ck['seconds'])}, file)
    print(target, len(head) + len(data), 'bytes; step', ck['step'], 'tokens', ck['tokens'], 'seconds', round(ck['seconds']))


if __name__ == '__main__':
    main(*sys.argv[1:])
