"""Trains the embedded model on CPU with two processes (one thread each, gradients averaged in shared memory).

usage: python3 train.py lessons.jsonl test.jsonl tok.json out.pt --steps 3000 [--stop N] [--resume out.pt]

The data of a step depends only on the step, the learning rate only on step/steps: a run can be stopped and resumed.
With --minutes N the learning rate follows the clock of this run instead, for a machine that is busy with other work.
A step's conversations are sorted by length into micro-batches with one conversation a row, so none sees another one.
"""
import argparse
import json
import os
import time

os.environ.setdefault('ONEDNN_PRIMITIVE_CACHE_CAPACITY', '8192')
import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

import model as M
from tokenizer import Tok

ROWS = (5, 4, 3, 2)         # conversations of a process's micro-batches, short ones first
CHOICE_WEIGHT = 3           # the first token of a turn decides which call it is
SKILL_WEIGHT = {'tag': 3, 'ask': 2, 'call': 1.3, 'const': 1.2, 'retry': 1.5}      # short answers weigh too little by themselves


def step_rows(tok, lines, step, rank, procs):
    """This process's share of a step: (ids, targets, weight) of each conversation."""
    each = sum(ROWS)
    first = step * each * procs
    rows = []
    for i in range(first, first + each * procs):
        lesson = json.loads(lines[i % len(lines)])
        ids, said = tok.conversation(lesson)
        weight = SKILL_WEIGHT.get(lesson['skill'], 1) / sum(said) ** .5
        said = [(CHOICE_WEIGHT if not said[j - 1] else 1) if s else 0 for j, s in enumerate(said)]
        rows.append((ids, said, weight))
    rows.sort(key=lambda row: len(row[0]))
    rows = [rows[i + (rank + i // procs) % procs] for i in range(0, len(rows), procs)]      # equal work
    at = 0
    for n in ROWS:
        yield rows[at:at + n]
        at += n


def pack(tok, rows):
    length = -(-max(len(row[0]) for row in rows) // 32) * 32 + 1
    ids, weights = torch.full((len(rows), length), tok.eot), torch.zeros(len(rows), length)
    for j, (row, said, weight) in enumerate(rows):
        ids[j, :len(row)] = torch.tensor(row)
        weights[j, :len(row)] = torch.tensor(said).float() * weight
    y, w = ids[:, 1:].reshape(-1), weights[:, 1:].reshape(-1)
    chosen = w.nonzero()[:, 0]
    chosen = torch.cat((chosen, torch.zeros(-len(chosen) % 64, dtype=torch.long)))      # few shapes for oneDNN
    padded = torch.arange(len(chosen)) >= int((w > 0).sum())
    return ids[:, :-1], y[chosen], w[chosen].masked_fill(padded, 0), chosen


@torch.no_grad()
def held_out(m, tok, path, each):
    """Conversations whose every target token is the most likely one (= greedy answers on the right history)."""
    seen, right = {}, {}
    with open(path) as file:
        for line in file:
            lesson = json.loads(line)
            skill = lesson['skill']
            if seen.get(skill, 0) >= each:
                continue
            ids, said = tok.conversation(lesson)
            chosen = torch.tensor(said[1:]).nonzero()[:, 0]
            ok = bool((m(torch.tensor([ids[:-1]]), chosen).argmax(-1) == torch.tensor(ids[1:])[chosen]).all())
            seen[skill] = seen.get(skill, 0) + 1
            right[skill] = right.get(skill, 0) + ok
    return ' '.join(f'{skill} {right[skill]}/{seen[skill]}' for skill in seen)


def orthogonal(g, steps=5):
    """Newton-Schulz orthogonalisation, the heart of Muon."""
    tall = g.shape[0] > g.shape[1]
    x = g.T if tall else g
    x = (x / (x.norm() + 1e-7)).bfloat16()
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
    return (x.T if tall else x).float()


def parts_of(c, w):
    """Rows of one matrix product that are orthogonalised on their own: q, k, v and gate, up."""
    return c.d if w.shape[0] == 3 * c.d else c.ff if w.shape[0] == 2 * c.ff else w.shape[0]


def declaring(tok):
    return [tok.id[text] for text in ('constĠ', 'functionĠ')]


def worker(a, rank, grads, updates, pace, barrier):
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    tok = Tok.load(a.tok)
    with open(a.lessons) as file:
        lines = file.readlines()
    c = M.Cfg(vocab=len(tok.tokens), d=a.d, layers=a.layers, heads=a.heads, ff=a.ff)
    m = M.Model(c)
    M.copying_start(m, declaring(tok))
    matrices = [w for b in m.blocks for w in (b.wqkv, b.wo, b.w13, b.w2)]
    known = {id(w) for w in matrices}
    rest = [w for w in m.parameters() if id(w) not in known]
    adam = torch.optim.Adam(rest, lr=a.adam_lr, betas=(.9, .98))
    speeds = [torch.zeros_like(w) for w in matrices]
    step, tokens, seconds = 0, 0, 0.0
    if a.resume:
        ck = torch.load(a.resume)
        m.load_state_dict(ck['sd'])
        adam.load_state_dict(ck['adam'])
        step, tokens, seconds = ck['step'], ck['tokens'], ck['seconds']
        for speed, old in zip(speeds, ck['muon']):
            speed.copy_(old)
    params, began, first, loss, hits = list(m.parameters()), time.time(), step, 0.0, 0.0

    def save():
        if rank == 0:
            torch.save({'sd': m.state_dict(), 'cfg': vars(c), 'adam': adam.state_dict(), 'muon': speeds, 'step': step,
                        'tokens': tokens, 'seconds': seconds + time.time() - began}, a.out + '.tmp')
            os.replace(a.out + '.tmp', a.out)

    done = 0.0
    while step < (a.stop or a.steps) and done < 1:
        m.zero_grad(set_to_none=True)
        batches = [pack(tok, rows) for rows in step_rows(tok, lines, step, rank, a.procs)]
        total = sum(float(w.sum()) for _, _, w, _ in batches)
        n = step_loss = right = targets = 0.0
        for x, y, w, chosen in batches:
            logits = m(x, chosen)
            part = (F.cross_entropy(logits, y, reduction='none') * w).sum() / total
            part.backward()
            step_loss += part.item()
            n += int((x != tok.eot).sum())
            right += float(((logits.argmax(-1) == y) * (w > 0)).sum())
            targets += float((w > 0).sum())

        shared = grads[step % 2]
        torch.cat([p.grad.reshape(-1) for p in params], out=shared[rank, 1:])
        shared[rank, 0] = n
        if rank == 0:
            pace[0] = (time.time() - began) / 60 / a.minutes if a.minutes else step / a.steps
        barrier.wait()
        mean, at = shared[:, 1:].mean(0), 0
        tokens += int(shared[:, 0].sum())
        for p in params:
            p.grad = mean[at:at + p.numel()].view_as(p)
            at += p.numel()

        done = float(pace[0])
        rate = min(1, (step + 1) / 100) * (1 if done < a.hold else max(.003, (1 - done) / (1 - a.hold)))
        with torch.no_grad():
            todo, at, shared_updates = [], 0, updates[step % 2]
            for w, speed in zip(matrices, speeds):              # each process orthogonalises its share
                speed.mul_(.95).add_(w.grad)
                w.grad.add_(speed, alpha=.95)
                for g, part in zip(w.grad.split(parts_of(c, w)), w.data.split(parts_of(c, w))):
                    update = shared_updates[at:at + part.numel()].view_as(part)
                    at += part.numel()
                    if len(todo) % a.procs == rank:
                        update.copy_(orthogonal(g))
                    todo.append((part, update))
            barrier.wait()
            for part, update in todo:
                scale = max(1, part.shape[0] / part.shape[1]) ** .5
                part.mul_(1 - a.lr * rate * .02).add_(update, alpha=-a.lr * rate * scale)
        for group in adam.param_groups:
            group['lr'] = a.adam_lr * rate
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        adam.step()
        step += 1

        loss, hits = .98 * loss + .02 * step_loss, .98 * hits + .02 * right / targets
        if rank == 0 and (step % 50 == 0 or step - first == 10):
            fair, took = 1 - .98 ** (step - first), time.time() - began
            print(f'step {step} t {took:.0f} tok/s {(tokens / took if first == 0 else 0):.0f} s/step {took / (step - first):.3f} '
                  f'loss {loss / fair:.4f} acc {hits / fair:.4f} lr {rate:.3f}', flush=True)
        if rank == 0 and step % a.every == 0:
            save()
            print('  held out', held_out(m, tok, a.test, 24), flush=True)
    save()
    if rank == 0:
        print('done', step, 'tokens', tokens, 'seconds', round(seconds + time.time() - began), held_out(m, tok, a.test, 40), flush=True)


def main():
    p = argparse.ArgumentParser()
    for name in ('lessons', 'test', 'tok', 'out'):
        p.add_argument(name)
    for name, kind, value in (('steps', int, 3000), ('stop', int, 0), ('seed', int, 1), ('lr', float, .01), ('adam-lr', float, .003),
                              ('hold', float, .4), ('every', int, 300), ('minutes', float, 0), ('resume', str, ''), ('procs', int, 2),
                              ('d', int, 192), ('layers', int, 4), ('heads', int, 6), ('ff', int, 384)):
        p.add_argument('--' + name, type=kind, default=value)
    a = p.parse_args()
    size = sum(w.numel() for w in M.Model(M.Cfg(vocab=len(Tok.load(a.tok).tokens), d=a.d, layers=a.layers, heads=a.heads, ff=a.ff)).parameters())
    print('params', size, flush=True)
    grads = [torch.zeros(a.procs, size + 1).share_memory_() for _ in range(2)]
    updates = [torch.zeros(size).share_memory_() for _ in range(2)]
    pace = torch.zeros(1).share_memory_()           # how much of the run is over, said by the first process
    context = mp.get_context('fork')
    barrier = context.Barrier(a.procs)
    others = [context.Process(target=worker, args=(a, rank, grads, updates, pace, barrier)) for rank in range(1, a.procs)]
    for other in others:
        other.start()
    worker(a, 0, grads, updates, pace, barrier)
    for other in others:
        other.join()


if __name__ == '__main__':
    main()
