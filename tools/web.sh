#!/bin/sh
# Installs the desk's packages when the lock file changed, and builds the desk when a source changed.
set -eu
cd "$(dirname "$0")/../web"
if [ ! -f node_modules/.stamp ] || [ package-lock.json -nt node_modules/.stamp ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.stamp
fi
if [ ! -f dist/index.html ] || [ -n "$(find src public index.html package-lock.json vite.config.ts -newer dist/index.html -print -quit 2>/dev/null)" ]; then
  npm run build --silent
fi
