"""Byte-level BPE of the embedded model: its trainer and an encoder that equals llama.cpp's (model gpt2, pre superbpe).

usage: python3 tokenizer.py lessons.jsonl tok.json

Two kinds of tokens. Words: parts of camelCase and SNAKE_CASE names, digit pairs. Phrases: what the format, the code and the
requests say again and again, with the spaces around it ("const ", " = ", '{"tool":"read_file","path":"'). No token joins a
name to what stands beside it, so a name has ONE segmentation wherever it stands and copying it is token-exact; and the
token before a name or value always says something, which a bare space would not.
"""
import collections
import json
import re
import sys

SPECIAL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']
VOCAB = 1792

# llama.cpp's superbpe splits text at numbers only, and numbers into groups of three digits from the right.
NUMBER = re.compile(r'(\d+)')
# Pieces that phrases are cut into: a phrase grows piece by piece from its start.
PIECE = re.compile(r'[A-Z]?[a-z]+|[A-Z]+|\d|[\s\S]')
WORD = re.compile(r'^([A-Z]?[a-z]+|[A-Z]+)$')

PHRASES = r'''
system\nospain|user\n|assistant\n
{"tool":"read_file","path":"|{"tool":"edit_file","path":"|"}\n<<<<<<< SEARCH\n|\n=======\n|\n>>>>>>> REPLACE
{"tool":"finish","outcome":"done"}\n|{"tool":"finish","outcome":"failed"}\n|"}|Changed |Renamed |Documented 
There is no |There is no file |The search text was not found in | and updated its call.| to | in |.ts|.js|.tsx|.mjs
result:\n|result:\nedited |error: no such file: |error: the search text was not found|; nearest: 
src/|lib/|app/|src/utils/|src/core/|src/api/|app/models/|lib/helpers/|src/ui/|tools/|server/|client/|packages/core/|src/store/|test/
const |export |function |async |return |await | = |, |: | {|) {|() {|);|();|: string|: number|: boolean|: void|: Date|[]|: User|: Order
: Item|: Options| + | - | * | / | % | === | > | < |if (|if (!|) return |console.log(|.length|.filter((x) => x.|.map(|.push(|.set(|.add(
import { | } from "./| } from './| => |: string {|: number {|: boolean {|: void {|";|';|return null;|return false;|return true;|/** | */| = "| = '|\n\n
Set |set |Change |change |the constant |Rename |rename |the function |the name of |Add a doc comment to |add a doc comment to 
Add a doc comment above |add a doc comment above |add a comment to |Add a comment to |document |Document |Update |update |Make |make 
 should be | should be called | should be named |Please |In |Can you |can you |Could you |Hey, can you | please|, thanks|The constant |The function 
, change the constant |, add a doc comment to |What does |what does |What is |Explain | do?| do
Tag this note: |{"tags":["|","|"],"horizon":"|"}|Plan: |["|"]|the |our |Returns true if the | is | from the | and returns the | for the 
Add |add |Fix |fix |Remove |remove |Move |move |Replace |replace |Speed up |speed up |Open |Reproduce |Add a test for |Find |Read 
Write a note on |Measure | again| in its place|Put |Look at |Check the result|with |from | of | in the | to the | with | from 
look at the |needs | work|has a | problem|write down | ideas for |fix the |talk to | about the |check | and |, also | plus |; | for |that 
 returns the |sum of |difference of |product of |quotient of |remainder of |length of |checks whether | equals |negation of |applies 
 to each item of |keeps the items of | that pass |logs |larger of |smaller of |adds | is a constant with the value 
right now|this morning|before lunch|this week|next sprint|next week|next month|after the release
later on|next quarter|next year|wish list|some time|maybe never
'''


def phrase_prefixes():
    """Every start of a phrase that ends where a piece ends."""
    allowed = set()
    for phrase in PHRASES.strip('\n').replace('\n', '|').replace('\\n', '\n').split('|'):
        text = ''
        for piece in PIECE.findall(phrase):
            text += piece
            allowed.add(to_units(text))
    return allowed


def byte_units():
    """GPT-2's printable stand-ins for the 256 bytes."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    units, spare = {}, 0
    for byte in range(256):
        if byte in keep:
            units[byte] = chr(byte)
        else:
            units[byte] = chr(256 + spare)
            spare += 1
    return units


UNIT = byte_units()
BYTE = {unit: byte for byte, unit in UNIT.items()}


def to_units(text):
    return ''.join(UNIT[byte] for byte in text.encode())


def split_numbers(text):
    """The pretokens: numbers in groups of three from the right, everything else in one piece."""
    for part in NUMBER.split(text):
        if part[:1].isdigit():
            first = len(part) % 3
            groups = [part[:first]] * (first > 0) + [part[i:i + 3] for i in range(first, len(part), 3)]
            yield from groups
        elif part:
            yield part


def grow(counts, allowed, enough, start=()):
    """Adds the most frequent allowed pair again and again; counts: text -> how often, start: merges that come before."""
    merges = list(start)
    before = Tok(merges)
    words = [[before.bpe(to_units(text)), n] for text, n in counts.items()]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    known = set(before.tokens)

    def count(i, sign):
        symbols, n = words[i]
        for pair in zip(symbols, symbols[1:]):
            if allowed(pair[0] + pair[1]):
                pairs[pair] += sign * n
                where[pair].add(i)

    for i in range(len(words)):
        count(i, 1)
    while len(merges) < enough:
        best = max(pairs.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
        if best[1] <= 0:
            break
        pair, joined = best[0], best[0][0] + best[0][1]
        if joined in known:                       # the same text by another way: llama.cpp wants each token once
            pairs[pair] = -1 << 40
            continue
        merges.append(pair)
        known.add(joined)
        for i in sorted(where[pair]):
            symbols = words[i][0]
            if pair not in zip(symbols, symbols[1:]):
                continue
            count(i, -1)
            j = 0
            while j < len(symbols) - 1:
                if (symbols[j], symbols[j + 1]) == pair:
                    symbols[j:j + 2] = [joined]
                j += 1
            count(i, 1)
    return merges


class Tok:
    def __init__(self, merges):
        self.merges = [tuple(merge) for merge in merges]
        self.rank = {merge: i for i, merge in enumerate(self.merges)}
        self.tokens = [UNIT[byte] for byte in range(256)] + [a + b for a, b in self.merges] + SPECIAL
        assert len(set(self.tokens)) == len(self.tokens)
        self.id = {token: i for i, token in enumerate(self.tokens)}
        self.eot, self.start, self.end = (self.id[token] for token in SPECIAL)
        self.cache = {}
        # Neighbours that stand together inside some token; anywhere else a text can be cut before encoding it.
        self.joined = {(t[i], t[i + 1]) for t in self.tokens[256:-3] for i in range(len(t) - 1)}

    def bpe(self, units):
        """Symbols of one pretoken: always the merge of the lowest rank first, the leftmost of equals."""
        symbols = list(units)
        while len(symbols) > 1:
            best = min(range(len(symbols) - 1), key=lambda i: (self.rank.get((symbols[i], symbols[i + 1]), 1 << 30), i))
            if (symbols[best], symbols[best + 1]) not in self.rank:
                break
            symbols[best:best + 2] = [symbols[best] + symbols[best + 1]]
        return symbols

    def pieces(self, text):
        """Cuts a pretoken where no merge can reach across."""
        units, start = to_units(text), 0
        for i in range(1, len(units) + 1):
            if i == len(units) or (units[i - 1], units[i]) not in self.joined:
                yield units[start:i]
                start = i

    def enc(self, text):
        if text in SPECIAL:
            return [self.id[text]]
        ids = []
        for part in split_numbers(text):
            for piece in self.pieces(part):
                known = self.cache.get(piece)
                if known is None:
                    known = [self.id[symbol] for symbol in self.bpe(piece)]
                    if len(self.cache) < 400_000:
                        self.cache[piece] = known
                ids += known
        return ids

    def dec(self, ids):
        return b''.join(
            self.tokens[i].encode() if self.tokens[i] in SPECIAL else bytes(BYTE[unit] for unit in self.tokens[i])
            for i in ids).decode('utf8', 'replace')

    def conversation(self, lesson):
        """Ids of a whole conversation in ChatML, and for each of them whether the model has to say it."""
        ids, said = [], []

        def add(text, target=0):
            new = self.enc(text)
            ids.extend(new)
            said.extend([target] * len(new))

        def turn(role, text, target=0):
            add(SPECIAL[1])
            add(role + '\n')
            add(text, target)
            add(SPECIAL[2], target)
            add('\n')

        add(SPECIAL[1])
        add('system\n' + lesson['system'])
        add(SPECIAL[2])
        add('\n')
        for i, text in enumerate(lesson['turns']):
            turn('assistant' if i % 2 else 'user', text, i % 2)
        return ids, said

    def save(self, path):
        with open(path, 'w') as file:
            json.dump(self.merges, file)

    @staticmethod
    def load(path):
        with open(path) as file:
            return Tok(json.load(file))


def main(source, target):
    with open(source) as file:
        lessons = [json.loads(line) for _, line in zip(range(4000), file)]
    texts = [text for lesson in lessons for text in lesson['turns']]
    words = collections.Counter()
    for text in texts:
        words.update(piece for piece in PIECE.findall(text) if WORD.match(piece))
    for word in {piece for phrase in PHRASES.split('|') for piece in PIECE.findall(phrase) if WORD.match(piece)}:
        words[word] += 400                         # words of phrases must become whole, phrases grow from them
    digits = collections.Counter({f'{i:02d}': 1000 - i for i in range(100)})
    words = collections.Counter({word: n for word, n in words.items() if n > 2})

    prefixes = phrase_prefixes()
    some = collections.Counter(part for lesson in lessons[:1100] for text in ['user\n', 'assistant\n', 'system\n' + lesson['system'], *lesson['turns']] for part in split_numbers(text))
    budget = VOCAB - 256 - len(SPECIAL)
    phrase_count = 370
    merges = grow(digits, lambda s: s.isdigit() and len(s) == 2, 100)
    merges = grow(words, lambda s: bool(WORD.match(s)), budget - phrase_count, merges)
    merges = grow(some, lambda s: s in prefixes and not WORD.match(s), budget, merges)
    tok = Tok(merges)
    tok.save(target)
    print('tokens', len(tok.tokens), 'phrases', sum(not WORD.match(token) for token in tok.tokens[356:-3]))


if __name__ == '__main__':
    main(*sys.argv[1:])
