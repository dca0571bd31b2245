#!/usr/bin/env bash
# Puts Shelter on a bare Debian: packages, a user, the code, a service, a proxy with a certificate, a firewall.
# Asks nothing of anybody outside but Debian's archive and the Python packages that requirements.txt pins; sends nothing.
#
#   install.sh --host NAME (--local | --acme | --certificate FILE --key FILE)
#              [--backups FOLDER] [--heads FOLDER[:FOLDER...]] [--ssh ADDRESSES] [--egress "ADDRESS PORT"]
              [--dry-run] [--root FOLDER]
#
# --local    a certificate authority of this machine's own, for an office network
# --acme     a certificate from Let's Encrypt; the name of the host becomes public
# --heads    other disks or mounts to which the head of the trail is copied
# --dry-run  writes the files under --root and prints every command that would be run
# --root     everything below that folder instead: a rehearsal. It may be run again: what is there stays or becomes the same;
#            folders are those of the environment, and what the firewall lets through is remembered until it is said anew.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(cd "$HERE/../../.." && pwd)
PREFIX=/srv/shelter DATA=/var/lib/shelter ETC=/etc/shelter
HOST='' TLS='' CERTIFICATE='' KEY='' ROOT='' DRY=''
unset BACKUPS HEADS SSH EGRESS # what is not told now was told before
MARK='# Written by the installer of Shelter, and written again by it.'

stop() { echo "install: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
  case "$1" in
    --host) HOST=$2; shift 2 ;;
    --local) TLS='tls internal'; shift ;;
    --acme) TLS='# A certificate from Let'"'"'s Encrypt, renewed by itself.'; shift ;;
    --certificate) CERTIFICATE=$2; shift 2 ;;
    --key) KEY=$2; shift 2 ;;
    --backups) BACKUPS=$2; shift 2 ;;
    --heads) HEADS=$2; shift 2 ;;
    --ssh) SSH=$2; shift 2 ;;
    --egress) EGRESS=$2; shift 2 ;;
    --root) ROOT=$2; shift 2 ;;
    --dry-run) DRY=1; shift ;;
    *) stop "no such option: $1" ;;
  esac
done

[[ "$HOST" =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] || stop "--host is the name people type, in small letters"
if [ -n "$CERTIFICATE$KEY" ]; then
  [[ -r "$CERTIFICATE" && -r "$KEY" ]] || stop "--certificate and --key are two files that can be read"
  TLS="tls $ETC/tls/certificate.pem $ETC/tls/key.pem"
fi
[ -n "$TLS" ] || stop "say which certificate: --local, --acme, or --certificate FILE --key FILE"
[[ -z "$ROOT" || "$ROOT" = /* ]] || stop "--root is a whole path"

# before FILE NAME: what that file says of it already, nothing if it says nothing.
before() { [ ! -e "$ROOT$ETC/$1" ] || sed -n "s/^$2=//p" "$ROOT$ETC/$1" | tail -n 1 | tr -d \"; }

# The service may write where its environment sends it, and that stays as it is.
if [ -e "$ROOT$ETC/environment" ]; then
  for name in BACKUPS HEADS; do
    known=$(before environment "SHELTER_$name")
    [ -z "${!name-}" ] || [ "${!name}" = "$known" ] || stop "$ETC/environment says SHELTER_$name=$known; change it there first"
    [ -z "$known" ] || printf -v "$name" %s "$known"
  done
fi
BACKUPS=${BACKUPS-/var/backups/shelter} HEADS=${HEADS-}
SSH=${SSH-$(before firewall SSH)} EGRESS=${EGRESS-$(before firewall EGRESS)}
[[ "$BACKUPS" = /* ]] || stop "--backups is a whole path"
[[ -z "$HEADS" || "$HEADS" =~ ^/[^:[:space:]]*(:/[^:[:space:]]*)*$ ]] || stop "--heads is whole paths with : between them"
[ -n "$DRY" ] || [ "$(id -u)" = 0 ] || stop "this needs root: sudo make install ..."

run() {
  if [ -n "$DRY" ]; then printf '+ %s\n' "$*"; else "$@"; fi
}

# fill NAME WHERE MODE: a file of this folder with its places filled in.
fill() {
  local place=$ROOT$2 text
  text=$(<"$HERE/$1")
  text=${text//@PREFIX@/$PREFIX} text=${text//@DATA@/$DATA} text=${text//@ETC@/$ETC} text=${text//@BACKUPS@/$BACKUPS}
  text=${text//@HEADS@/$HEADS} text=${text//@WRITES@/$WRITES}
  text=${text//@HOST@/$HOST} text=${text//@TLS@/$TLS} text=${text//@SSH@/$SSH_RULE} text=${text//@EGRESS@/$EGRESS_RULE}
  text=${text//@SSH_TOLD@/$SSH} text=${text//@EGRESS_TOLD@/$EGRESS}
  [ -z "$DRY" ] || [ -n "$ROOT" ] || { printf '+ write %s\n' "$2"; return; }
  mkdir -p "$(dirname "$place")"
  # What another wrote there is kept beside it; what this wrote itself, which its last line says, is written again.
  if [ -e "$place" ] && ! grep -qxF "$MARK" "$place"; then cp -p --backup=numbered "$place" "$place.before-shelter"; fi
  printf '%s\n%s\n' "$text" "$MARK" > "$place"
  chmod "$3" "$place"
}

SSH_RULE='' EGRESS_RULE='' WRITES="$DATA -$BACKUPS"
[ -z "$HEADS" ] || WRITES="$WRITES -${HEADS//:/ -}"
[ -z "$SSH" ] || SSH_RULE="    ip saddr { $SSH } tcp dport 22 accept"
[ -z "$EGRESS" ] || EGRESS_RULE="    meta skuid \"shelter\" ip daddr ${EGRESS% *} tcp dport ${EGRESS#* } accept"

echo "1. Packages of Debian"
run apt-get update
run apt-get install --yes --no-install-recommends python3 python3-venv make caddy nftables curl
# Letters of names in every script, for what is set as a PDF (both SIL Open Font License 1.1).
run apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-cjk

echo "2. A user without a password, and its folders"
run adduser --system --group --home "$DATA" --no-create-home shelter
run install -d -o shelter -g shelter -m 0700 "$ROOT$DATA" "$ROOT$BACKUPS"
run install -d -m 0755 "$ROOT$PREFIX/releases"

echo "3. The code"
if [ -e "$ROOT$PREFIX/current" ]; then
  # Other code in its place would find a database that nobody has migrated and no way back: that is what upgrade does.
  echo "   there is a version here already and it stays; a newer one comes with: sudo make upgrade"
else
  RELEASE=$PREFIX/releases/$(date -u +%Y%m%d%H%M%S)
  run "$HERE/upgrade.sh" --lay-down "$TREE" "$ROOT$RELEASE"
  run ln -sfn "$ROOT$RELEASE" "$ROOT$PREFIX/current"
fi

echo "4. Settings"
if [ -e "$ROOT$ETC/environment" ]; then
  echo "   $ETC/environment is there already and stays as it is"
else
  fill environment "$ETC/environment" 0640
fi
[ -z "$CERTIFICATE" ] || run install -D -o caddy -g caddy -m 0400 "$CERTIFICATE" "$ROOT$ETC/tls/certificate.pem"
[ -z "$KEY" ] || run install -D -o caddy -g caddy -m 0400 "$KEY" "$ROOT$ETC/tls/key.pem"
run chgrp shelter "$ROOT$ETC/environment"

echo "5. Service, timer, log, proxy, firewall"
fill shelter.service /etc/systemd/system/shelter.service 0644
fill shelter-doctor.service /etc/systemd/system/shelter-doctor.service 0644
fill shelter-doctor.timer /etc/systemd/system/shelter-doctor.timer 0644
fill journald.conf /etc/systemd/journald@shelter.conf 0644
fill Caddyfile /etc/caddy/Caddyfile 0644
fill firewall "$ETC/firewall" 0644
fill nftables.conf /etc/nftables.conf 0755
fill shelter.sh /usr/local/bin/shelter 0755
run systemctl daemon-reload
run systemctl enable --now nftables.service shelter.service shelter-doctor.timer
run systemctl restart nftables.service caddy.service shelter.service

echo
echo "Shelter runs on https://$HOST. Begin the agency with:   sudo shelter setup --no-serve"
[ "$TLS" != 'tls internal' ] || echo "Install /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt on each computer of the office."
