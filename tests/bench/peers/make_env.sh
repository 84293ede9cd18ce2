#!/bin/sh
# Makes the environment of the peers: sh tests/bench/peers/make_env.sh FOLDER (about 1.5 GB; the Flink jobs need a JDK 17 too)
set -eu
[ $# -eq 1 ] || { echo "usage: make_env.sh FOLDER" >&2; exit 2; }
python3 -m venv "$1"
"$1/bin/pip" install -r "$(dirname "$0")/requirements.txt"
