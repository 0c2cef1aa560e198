#!/bin/sh
# Installs Debian packages when the program or file that shows them is missing.
# Usage: need.sh SHOWN_BY:PACKAGE … — as root by apt-get, else through sudo, else it prints what is missing and ends with 1.
set -eu
missing=""
for pair in "$@"; do
  shown=${pair%%:*}
  package=${pair#*:}
  case $shown in
    /*) ls $shown >/dev/null 2>&1 || missing="$missing $package" ;;
    *) command -v "$shown" >/dev/null 2>&1 || missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0
echo "Installing:$missing"
if [ "$(id -u)" = 0 ]; then
  run=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  run="sudo"
else
  echo "These packages are missing and this user cannot install them:$missing" >&2
  echo "Install them as root:  apt-get install$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # word splitting is meant
$run apt-get update -qq && $run apt-get install -y -qq --no-install-recommends $missing
