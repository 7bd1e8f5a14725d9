#!/bin/sh
# Makes media/models/canary.gguf anew: lessons, tokenizer, training, export, measurement, golden conversations.
# Needs Node 24 or newer, the project's node_modules, and Python 3 with torch and numpy (a CPU is enough).
# Takes one to two hours on two cores. Can be run again after a stop: training goes on from the last checkpoint.
set -eu
cd "$(dirname "$0")/../.."
here=models/canary
work=${CANARY_WORK:-.cache/canary}
steps=${CANARY_STEPS:-4000}
python=${PYTHON:-python3}
mkdir -p "$work" test/models/canary

# Short files first, as a start is easier with them. Some files mix exported and private declarations, and some requests
# are as people type them: a little more than the product asks for, so that what it asks for sits safely.
node $here/generate.ts 24000 --seed 11 --mixed 0.3 --form 0.5 --longest 6 >"$work/lessons.jsonl"
node $here/generate.ts 300000 --seed 31 --mixed 0.2 --form 0.85 >>"$work/lessons.jsonl"
node $here/generate.ts 20000 --seed 3 --mixed 0.3 --form 0.5 >"$work/words.jsonl"
node $here/generate.ts 1500 --seed 99 --split test >"$work/watched.jsonl"

[ -f "$work/tok.json" ] || $python $here/tokenizer.py "$work/words.jsonl" "$work/tok.json"

# Larger thresholds mean fewer page faults for the big tensors.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483648 MALLOC_TOP_PAD_=268435456
resume=
[ -f "$work/canary.pt" ] && resume="--resume $work/canary.pt"
# shellcheck disable=SC2086
nice -n 19 $python $here/train.py "$work/lessons.jsonl" "$work/watched.jsonl" "$work/tok.json" "$work/canary.pt" \
  --steps "$steps" --lr .006 --adam-lr .002 --hold .15 $resume

$python $here/export.py "$work/canary.pt" "$work/tok.json" "$work/canary.gguf" "$work/training.json"
UV_THREADPOOL_SIZE=1 node $here/evaluate.ts "$work/canary.gguf" --agent 60 --other 150 \
  --results "$work/results.json" --golden test/models/canary/golden.json
mkdir -p media/models
node $here/card.ts "$work/canary.gguf" "$work/training.json" "$work/results.json" media/models/canary.json
mv "$work/canary.gguf" media/models/canary.gguf.new
mv media/models/canary.gguf.new media/models/canary.gguf
