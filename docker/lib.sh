# shellcheck shell=bash
# Sourced by the scripts of this folder and by .ci/run.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
CA_BUNDLE=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
RECIPE_LABEL=deploykit.recipe

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
need_root() { [ "$(id -u)" = 0 ] || die "run this as root"; }

# quiet COMMAND...: its output matters only when it fails. Not for functions: `||` would switch their `set -e` off.
quiet() {
  local output code=0
  output=$("$@" 2>&1 </dev/null) || code=$?
  [ "$code" = 0 ] || { tail -n 30 <<<"$output" >&2; die "failed ($code): $*"; }
}

# one_at_a_time NAME: two checkouts may share a machine; the lock ends with the script
one_at_a_time() {
  need_root
  mkdir -p /run/lock
  exec 9>"/run/lock/deploykit-$1.lock"
  flock 9
}

apt_update() {
  [ -n "${APT_LISTS_ARE_FRESH:-}" ] || quiet apt-get -qq update
  export APT_LISTS_ARE_FRESH=1
}

# need_debs PACKAGE...: installs those that are missing, and starts no service of theirs
need_debs() {
  local p missing=() policy=/usr/sbin/policy-rc.d
  for p; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || missing+=("$p")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  need_root
  apt_update
  say "installing ${missing[*]}"
  (
    if [ ! -e "$policy" ]; then
      trap 'rm -f "$policy"' EXIT
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod 755 "$policy"
    fi
    DEBIAN_FRONTEND=noninteractive quiet apt-get -qq -y --no-install-recommends \
      -o DPkg::Lock::Timeout=300 install "${missing[@]}"
  )
}

# recipe_hash FILE...: of what an image is made from, this machine's trusted CAs included
recipe_hash() { cat "$@" "$CA_BUNDLE" | sha256sum | cut -d' ' -f1; }

is_current() { # TAG HASH
  [ "$(docker image inspect -f "{{index .Config.Labels \"$RECIPE_LABEL\"}}" "$1" 2>/dev/null || true)" = "$2" ]
}

# untag TAG: a build that fails must not leave yesterday's image under the name
untag() { [ -z "$(docker image ls -q "$1")" ] || docker image rm -f "$1" >/dev/null; }

# workspace: sets WORK, a directory that is gone when the script ends
workspace() {
  WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/deploykit-image.XXXXXX")
  trap clear_workspace EXIT
}

clear_workspace() {
  awk -v dir="$WORK/" 'index($2, dir) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r umount -l
  rm -rf --one-file-system "$WORK"
}

# in_root DIR COMMAND: a shell command in a chroot that has /proc and /dev
in_root() {
  mount -t proc proc "$1/proc"
  mount --bind /dev "$1/dev"
  DEBIAN_FRONTEND=noninteractive quiet chroot "$1" sh -ec "$2"
  umount "$1/dev" "$1/proc"
}

# tag_root DIR TAG HASH: imports first and tags last, so that the tag is only ever on a whole image
tag_root() {
  local id
  id=$(tar -C "$1" --numeric-owner --exclude='./dev/*' --exclude='./proc/*' -c . |
    docker import -c 'CMD ["/bin/bash"]' -c "LABEL $RECIPE_LABEL=$3" -)
  docker tag "$id" "$2"
  say "built $2 ($(($(docker image inspect -f '{{.Size}}' "$id") / 1000000)) MB) in $SECONDS s"
}
