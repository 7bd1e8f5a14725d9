"""Llama-architecture model (adjacent-pair RoPE, as llama.cpp has it) and its hand-built starting weights.

usage: python3 model.py        shows how well the untrained starting weights copy by themselves
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Cfg:
    def __init__(self, vocab=1792, d=192, layers=4, heads=6, ff=384, ctx=1024, base=1e9, eps=1e-5):
        self.vocab, self.d, self.layers, self.heads = vocab, d, layers, heads
        self.ff, self.ctx, self.base, self.eps = ff, ctx, base, eps


LOWP = True     # bf16 matrix products while training; evaluation sets it to False


def rope(x, cos, sin):
    """x: batch, head, time, head width; turns adjacent pairs."""
    b, h, t, d = x.shape
    x = x.view(b, h, t, d // 2, 2)
    even, odd = x[..., 0], x[..., 1]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).view(b, h, t, d)


def linear(x, w):
    return F.linear(x.bfloat16(), w.bfloat16()) if LOWP else F.linear(x, w)


class Norm(nn.Module):
    def __init__(self, d, eps):
        super().__init__()
        self.w, self.eps = nn.Parameter(torch.ones(d)), eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.w


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.n1, self.n2 = Norm(c.d, c.eps), Norm(c.d, c.eps)

        def matrix(rows, cols, gain=1.0):
            return nn.Parameter(torch.randn(rows, cols) * gain / math.sqrt(cols))

        self.wqkv, self.wo = matrix(3 * c.d, c.d), matrix(c.d, c.d, .3)
        self.w13, self.w2 = matrix(2 * c.ff, c.d), matrix(c.d, c.ff, .3)

    def forward(self, x, turn, mask, chosen=None, cache=None):
        c = self.c
        b, t, _ = x.shape
        wide = c.d // c.heads
        q, k, v = (part.view(b, t, c.heads, wide).transpose(1, 2) for part in linear(self.n1(x), self.wqkv).split(c.d, -1))
        q, k = rope(q, *turn), rope(k, *turn)
        if cache is not None:
            if cache:
                k, v = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
            cache[:] = [k, v]
        q = q * (1 / math.sqrt(wide))
        if LOWP:
            q, k, v = q.bfloat16(), k.bfloat16(), v.bfloat16()
        scores = q @ k.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        x = x + linear((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, c.d), self.wo)
        if chosen is not None:
            x = x.reshape(b * t, c.d)[chosen]
        gate, up = linear(self.n2(x), self.w13).chunk(2, -1)
        return x + linear(F.silu(gate) * up, self.w2)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.emb = nn.Parameter(torch.randn(c.vocab, c.d) * .05)
        self.out = nn.Parameter(torch.randn(c.vocab, c.d) * .02)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.nf = Norm(c.d, c.eps)
        angle = torch.arange(c.ctx).float()[:, None] * rope_speeds(c)
        self.register_buffer('cos', angle.cos(), False)
        self.register_buffer('sin', angle.sin(), False)
        self.register_buffer('mask', torch.full((c.ctx, c.ctx), -1e9).triu(1), False)

    def forward(self, ids, chosen=None, caches=None, pos=0):
        """chosen: flat positions that have a target; the last MLP and the output run only there."""
        t = ids.shape[1]
        x = F.embedding(ids, self.emb)
        turn = (self.cos[pos:pos + t], self.sin[pos:pos + t])
        mask = self.mask[pos:pos + t, :pos + t] if t > 1 else None
        last = len(self.blocks) - 1
        for i, block in enumerate(self.blocks):
            x = block(x, turn, mask, chosen if i == last else None, None if caches is None else caches[i])
        return linear(self.nf(x), self.out).float()


def rope_speeds(c):
    wide = c.d // c.heads
    return c.base ** (-torch.arange(0, wide, 2).float() / wide)


@torch.no_grad()
def greedy(m, ids, stop, most=220):
    caches, x, pos, out = [[] for _ in m.blocks], torch.tensor([ids]), 0, []
    while len(out) < most and pos + x.shape[1] < m.c.ctx:
        logits = m(x, None, caches, pos)
        pos += x.shape[1]
        token = int(logits[0, -1].argmax())
        if token == stop:
            break
        out.append(token)
        x = torch.tensor([[token]])
    return out


class Layout:
    """Where the starting weights keep what in the residual stream: a constant, a mark, and parts of K numbers each."""
    K = 26
    CONSTANT, DECLARES, AFTER_DECLARES = 0, 1, 2
    SELF, PREV1, PREV2, PREV3, PREV4, OWNER, ANSWER = (slice(3 + i * 26, 3 + (i + 1) * 26) for i in range(7))


@torch.no_grad()
def copying_start(m, declares=(), look=2.1, sharp=6.0, gain=.3):
    """Starting weights that already copy; training refines them and fills the rest.

    Layer 0: four heads look one, two, three and four tokens back and write down who stands there.
    Layer 1: two heads find the place in the text where the last three tokens stood before and write down what followed
    (an induction head with a three-token match); one head finds the last declared name ("const" or "function" before it).
    Layer 2: one head matches with four tokens, one with two tokens and the declared name: the same line.
    What is found lands where the output weights read it. Everything else starts at random.
    """
    c, L = m.c, Layout
    K, wide, speeds = L.K, c.d // c.heads, rope_speeds(c)
    fast = [i for i in range(wide // 2) if speeds[i] > .015]
    slow = [i for i in range(wide // 2) if speeds[i] < .004]
    identity = torch.randn(c.vocab, K)
    identity *= K ** .5 / identity.norm(dim=1, keepdim=True)
    m.emb.normal_(0, .004)
    m.emb[:, L.CONSTANT] = .25
    m.emb[:, L.DECLARES:L.AFTER_DECLARES + 1] = 0
    m.emb[list(declares), L.DECLARES] = .25
    m.emb[:, L.SELF] = identity * .1
    m.out.normal_(0, .004)
    m.out[:, L.ANSWER] = identity * .15
    for block in m.blocks:
        block.wo.mul_(.3)
        block.w2.mul_(.2)
    eye = torch.eye(K)

    def head(layer, h):
        """Cleared weights of one head: query, key, value rows and the output columns."""
        block, r = m.blocks[layer], slice(h * wide, (h + 1) * wide)
        parts = [block.wqkv[i * c.d:(i + 1) * c.d][r] for i in range(3)] + [block.wo[:, r]]
        for part in parts:
            part.zero_()
        return parts

    for h, part in enumerate((L.PREV1, L.PREV2, L.PREV3, L.PREV4)):
        q, k, v, o = head(0, h)
        for i in fast:
            q[2 * i, L.CONSTANT] = look
            k[2 * i, L.CONSTANT] = look * math.cos((h + 1) * speeds[i])
            k[2 * i + 1, L.CONSTANT] = look * math.sin((h + 1) * speeds[i])
        v[:K, L.SELF] = eye
        o[part, :K] = .06 * eye
        if h == 0:
            v[K, L.DECLARES] = 1
            o[L.AFTER_DECLARES, K] = .15

    def match(layer, h, pairs):
        """Attends where the key's parts equal the query's parts; copies the key's token to the answer."""
        q, k, v, o = head(layer, h)
        n, width = 2 * len(slow), len(pairs) * K
        rows = slice(2 * slow[0], 2 * slow[0] + n)
        mix = torch.linalg.qr(torch.randn(width, width))[0][:n] * math.sqrt(width / n)
        for i, (mine, theirs, weight) in enumerate(pairs):
            a = mix[:, i * K:(i + 1) * K] * sharp / K ** .5 * weight ** .5
            q[rows, mine], k[rows, theirs] = a, a
        v[:K, L.SELF] = eye
        o[L.ANSWER, :K] = gain * eye

    three = [(L.SELF, L.PREV1, 1), (L.PREV1, L.PREV2, .9), (L.PREV2, L.PREV3, .7)]
    match(1, 0, three)
    match(1, 1, three)
    match(2, 0, [*three, (L.PREV3, L.PREV4, .5)])
    match(2, 1, [(L.SELF, L.PREV1, 1), (L.PREV1, L.PREV2, .8), (L.OWNER, L.OWNER, 1.4)])

    q, k, v, o = head(1, 2)                         # the last declared name: nearer is better, for some 400 tokens
    for i in [i for i in range(wide // 2) if .004 < speeds[i] < .03]:
        q[2 * i, L.CONSTANT], q[2 * i + 1, L.CONSTANT] = 3 * math.cos(.8), -3 * math.sin(.8)
        k[2 * i, L.AFTER_DECLARES] = 3
    v[:K, L.SELF] = eye
    o[L.OWNER, :K] = .06 * eye


def main():
    """Share of the second half of "X X" that comes out right, for texts like names made of few syllables."""
    import random
    global LOWP
    LOWP = False
    torch.set_num_threads(1)
    torch.manual_seed(0)
    m = Model(Cfg())
    copying_start(m)
    r = random.Random(1)
    print('params', sum(p.numel() for p in m.parameters()))
    for length, alphabet, syllables in ((40, 700, 0), (300, 700, 0), (40, 90, 4), (200, 90, 4), (200, 20, 2)):
        right = total = 0
        for _ in range(8):
            if syllables:
                text = [t for _ in range(length // (syllables + 1)) for t in [1000, *(r.randrange(300, 300 + alphabet) for _ in range(syllables))]]
            else:
                text = r.sample(range(300, 300 + alphabet), length)
            with torch.no_grad():
                guess = m(torch.tensor([[1700, *text, 1701, 198, 1700, *text]]))[0, -len(text):-1].argmax(-1)
            right += sum(int(a) == b for a, b in list(zip(guess, text[1:]))[2:])
            total += len(text) - 3
        print(f'{length} tokens of {alphabet}, words of {syllables or "-"}: copied {right / total:.3f}')


if __name__ == '__main__':
    main()
