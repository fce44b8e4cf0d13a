#!/bin/bash
# What a SageMaker training job runs: a venv with our own pins, then train and export.
#
#   bash deploy/training/train.sh [UNTIL [SEED [EPOCHS]]]     UNTIL as 2026-06-30
#
# Started in the folder of the code.  AWS's image gives Python and nothing else: its TensorFlow is
# not the pinned one.  Without UNTIL it is six months ago, so that closes are left on which the
# result can be compared with the model in service.  The artifact is left where SageMaker packs it.
set -euo pipefail

UNTIL=${1:-$(date -d '6 months ago' +%F)}
SEED=${2:-0}
EPOCHS=${3:-8}
CLOSES=${SM_CHANNEL_CLOSES:-/opt/ml/input/data/closes}
MODEL=${SM_MODEL_DIR:-/opt/ml/model}
WORK=$(mktemp -d)

python3 -m venv "$WORK/python"
"$WORK/python/bin/pip" install --quiet --disable-pip-version-check \
  --require-hashes --no-deps --only-binary=:all: -r deploy/containers/training.txt
python=$WORK/python/bin/python
"$python" -m model train --closes "$CLOSES" --until "$UNTIL" --out "$WORK/run" \
  --seed "$SEED" --epochs "$EPOCHS"
"$python" -m model export --run "$WORK/run" --out "$WORK/artifact" --closes "$CLOSES"
cp -R "$WORK/artifact/." "$MODEL/"
