#!/usr/bin/env bash
# Copies the decoder out of the npm package that package-lock.json names; --check compares instead.
# One address is changed: the module looks for its program here and not at a stranger's server.
set -euo pipefail
cd "$(dirname "$0")"

scratch=../../../target/decoder
mkdir -p "$scratch"
if ! cmp -s package-lock.json "$scratch/installed.json"; then
  cp package.json package-lock.json "$scratch/"
  npm ci --silent --ignore-scripts --prefix "$scratch" >/dev/null
  cp package-lock.json "$scratch/installed.json"
fi

from=$scratch/node_modules/zxing-wasm
made=$scratch/made
rm -rf "$made"
mkdir -p "$made/reader"
sed -E 's#`https://[^$`]*/\$\{#`/decoder/${#' "$from/dist/es/share.js" >"$made/share.js"
cp "$from/dist/es/reader/index.js" "$from/dist/reader/zxing_reader.wasm" "$made/reader/"
cp "$from/LICENSE" "$made/LICENSE"

if [ "${1:-}" = --check ]; then
  for file in LICENSE share.js reader/index.js reader/zxing_reader.wasm; do
    cmp "$file" "$made/$file"
  done
else
  cp -r "$made/." .
fi
