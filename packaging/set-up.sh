#!/usr/bin/env bash
# Creates .venv and installs exactly what requirements.lock says, then Homebody itself (editable).
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3.11}
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
  echo "set-up: Python 3.11 is needed, and '$python' is not it: install it (Debian 12: apt-get install python3.11-venv) or say where: make PYTHON=/path/to/python3.11" >&2
  exit 1
fi

[[ -x .venv/bin/python ]] || "$python" -m venv .venv
pip=(.venv/bin/python -m pip --disable-pip-version-check)

# pip first, as locked; then everything else, with the same lock for what is needed only while compiling.
"${pip[@]}" install -qq --no-deps --require-hashes -r <(sed -n '/^pip==/,/[^\\]$/p' requirements.lock)
echo "set-up: installing what requirements.lock names"
[[ -d .venv/lib/python3.11/site-packages/llama_cpp ]] ||
  echo "set-up: llama.cpp is compiled here, about 5 minutes on 2 cores; pip keeps the result for the next time"
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
if ! "${pip[@]}" install -qq --no-deps --require-hashes --build-constraint requirements.lock -r requirements.lock; then
  echo "set-up: installing failed, see above. If it is torch that was not found: Homebody takes PyTorch's build for the CPU; name the CPU index of PyTorch's installation page in PIP_EXTRA_INDEX_URL and run this again" >&2
  exit 1
fi
"${pip[@]}" install -qq --no-deps --no-build-isolation --editable .

# Once, so that no first start has to: sentence-transformers' embedding model for the light runtime.
.venv/bin/python -P -m app.model.embed

# Once, too: readers may write nothing, so none of them can keep what it compiles for the next.
.venv/bin/python -m compileall -q app indexers

# The window's texts in other languages, as Qt reads them.
.venv/bin/python -P packaging/translate.py --compile
