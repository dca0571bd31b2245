#!/usr/bin/env bash
# A new version in the place of the old one: backup, migrate, doctor, and back to the old one if anything fails.
#
#   upgrade.sh [--from TREE] [--prefix FOLDER] [--environment FILE]
#   upgrade.sh --lay-down TREE RELEASE      copies a tree and installs what it pins; used by install.sh too
#
# How the service is stopped and started is told by STOP and START (systemctl as a rule).
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(cd "$HERE/../../.." && pwd)
PREFIX=/srv/shelter ENVIRONMENT=/etc/shelter/environment
STOP=${STOP:-systemctl stop shelter.service}
START=${START:-systemctl start shelter.service}
READY_SECONDS=${READY_SECONDS:-90}

say() { echo "upgrade: $*"; }

lay_down() {
  mkdir -p "$2"
  tar -C "$1" --exclude=./.venv --exclude=./.git --exclude=./instance --exclude=./build --exclude=__pycache__ \
    --exclude='./.*_cache' -cf - . | tar -C "$2" -xf -
  if [ -n "${VENV:-}" ]; then ln -s "$VENV" "$2/.venv"; else make --silent -C "$2" setup; fi
  chmod -R go-w "$2"
}

if [ "${1:-}" = --lay-down ]; then
  lay_down "$2" "$3"
  exit
fi

while [ $# -gt 0 ]; do
  case "$1" in
    --from) TREE=$(cd "$2" && pwd); shift 2 ;;
    --prefix) PREFIX=$2; shift 2 ;;
    --environment) ENVIRONMENT=$2; shift 2 ;;
    *) say "no such option: $1" >&2; exit 2 ;;
  esac
done

set -a
# shellcheck source=/dev/null
. "$ENVIRONMENT"
set +a
OLD=$(readlink -f "$PREFIX/current")
STAMP=$(date -u +%Y%m%d%H%M%S)
NEW=$PREFIX/releases/$STAMP
KEPT=$SHELTER_DATA/before-upgrade
AS=''
[ "$(id -u)" != 0 ] || ! id shelter >/dev/null 2>&1 || AS='runuser -u shelter --'

# in_release FOLDER COMMAND...: a command of that version, as the user it runs as.
in_release() {
  local folder=$1
  shift
  # shellcheck disable=SC2086 # AS is words or nothing
  (cd "$folder" && $AS .venv/bin/flask --app wsgi "$@")
}

# What is wrong with the records themselves; that a timer is late or a disk is full is no reason to go back.
complaints() { in_release "$1" doctor --records 2>&1 | grep '^!!' | tr -d '0-9' | sort -u || true; }

# Its caller asks whether it failed, and then bash stops at nothing in here by itself: each step says so.
keep_database() {
  rm -rf "$KEPT" && mkdir -m 0700 "$KEPT" || return 1
  local file
  for file in shelter.db shelter.db-wal shelter.db-shm settings.toml; do
    [ ! -e "$SHELTER_DATA/$file" ] || cp -p "$SHELTER_DATA/$file" "$KEPT/" || return 1
  done
}

put_database_back() {
  [ -e "$KEPT/shelter.db" ] || return 0
  rm -f "$SHELTER_DATA/shelter.db-wal" "$SHELTER_DATA/shelter.db-shm"
  local file
  for file in "$KEPT"/shelter.db*; do mv -f "$file" "$SHELTER_DATA/"; done
}

is_ready() {
  local end=$((SECONDS + READY_SECONDS))
  while [ $SECONDS -lt $end ]; do
    if "$1/.venv/bin/python" -c 'import sys, urllib.request
urllib.request.urlopen(f"http://localhost:{sys.argv[1]}/health/ready", timeout=5)' "${PORT:-8000}" 2>/dev/null; then return 0; fi
    sleep 1
  done
  return 1
}

back() {
  trap - ERR
  say "$1 Going back to the version before."
  $STOP || true
  ln -sfn "$OLD" "$PREFIX/current"
  put_database_back
  $START
  rm -rf "$NEW" "$KEPT"
  say "The version before runs again, with everything that was there. Nothing was lost."
  exit 1
}

# Before anything was changed: a copy that was cut off must not take the database's place.
open_again() {
  trap - ERR
  rm -rf "$KEPT"
  $START
  rm -rf "$NEW"
  say "The database could not be copied (is the disk full?). The version before runs again; nothing was changed."
  exit 1
}

say "laying down the new version"
lay_down "$TREE" "$NEW" || { rm -rf "$NEW"; say "it cannot be laid down; nothing was changed."; exit 1; }

say "a backup, while people work"
if [ -n "${SHELTER_BACKUPS:-}" ] && grep -q '^fingerprint = "[0-9a-f]' "$SHELTER_DATA/settings.toml"; then
  in_release "$OLD" backup --to "$SHELTER_BACKUPS" || { rm -rf "$NEW"; say "no backup, no upgrade; nothing was changed."; exit 1; }
fi
BEFORE=$(complaints "$OLD")

say "closing for a moment"
$STOP
trap 'back "Something failed."' ERR
keep_database || open_again
in_release "$NEW" migrate || back "The database could not be migrated."
FRESH=$(comm -13 <(echo "$BEFORE") <(complaints "$NEW"))
[ -z "$FRESH" ] || back "doctor finds what was not there before: $FRESH"
ln -sfn "$NEW" "$PREFIX/current"
$START
is_ready "$NEW" || back "The new version does not get ready."
trap - ERR
rm -rf "$KEPT"
say "done. The version before is kept in $OLD."
