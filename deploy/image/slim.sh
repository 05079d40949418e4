#!/usr/bin/env bash
# Takes out of an unpacked Ganglion what never runs: three quarters of tfjs are bundles for browsers and their maps.
set -euo pipefail
cd "$1"
find dist node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.tsbuildinfo' \) -delete
# Of tfjs's own packages Node loads one bundle each, and WASM's binaries.
for package in tfjs tfjs-core tfjs-data tfjs-layers tfjs-converter tfjs-backend-cpu tfjs-backend-wasm tfjs-backend-webgl; do
  find "node_modules/@tensorflow/$package" -type f ! -name package.json ! -name 'LICENSE*' ! -name '*.node.js' ! -name '*.wasm' -delete
done
# The addon is built, and the library is there: what built and fetched them is not needed, nor what its install script needs.
(cd node_modules/@tensorflow/tfjs-node-gpu && rm -rf binding src scripts deps/include binding.gyp && find dist -name '*_test.js' -delete)
(cd node_modules && rm -rf adm-zip tar rimraf @types @webgpu core-js .bin .cache .package-lock.json)
find node_modules/dejavu-fonts-ttf/ttf -type f ! -name DejaVuSans.ttf ! -name DejaVuSans-Bold.ttf ! -name DejaVuSans-Oblique.ttf -delete
find node_modules -type d -empty -delete
# Symbols for debuggers are a quarter of libtensorflow.
strip --strip-unneeded node_modules/@tensorflow/tfjs-node-gpu/deps/lib/*.so.2
