#!/bin/bash
# Builds deploykit/debian-like:12, a stand-in for debian:12-slim where no image can be pulled.
HERE=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$HERE/../lib.sh"
TAG=deploykit/debian-like:12

hash=$(recipe_hash "$HERE/../lib.sh" "$HERE/build.sh")
one_at_a_time debian-like
is_current "$TAG" "$hash" && { say "$TAG is up to date"; exit 0; }
untag "$TAG"
need_debs debootstrap
apt_update
workspace
root=$WORK/root

# mirror SUITE: where this machine gets it from, empty when it does not
# shellcheck disable=SC2016
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $1" 'Component: main' | sed 1q; }

main=$(mirror bookworm)
[ -n "$main" ] || die "the apt sources of this machine have no Debian 12 (bookworm)"
say "debootstrap"
quiet debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$main"
for suite in bookworm bookworm-updates bookworm-security; do
  uri=$(mirror "$suite")
  [ -z "$uri" ] || echo "deb $uri $suite main"
done >"$root/etc/apt/sources.list"

# the same three as in Debian's own slim image
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
printf 'path-exclude=/usr/share/%s/*\n' doc info linda lintian locale man >"$root/etc/dpkg/dpkg.cfg.d/docker"
printf '%s\n' 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };' \
  'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' 'Acquire::Languages "none";' >"$root/etc/apt/apt.conf.d/docker-clean"

# Certificates that only this machine trusts (a TLS-inspecting proxy's, say), one a file, where a later
# update-ca-certificates picks them up again.
awk -v dir="$root/usr/local/share/ca-certificates" '
  /BEGIN CERTIFICATE/ { pem = "" }
  { pem = pem $0 "\n" }
  /END CERTIFICATE/ && NR == FNR { known[pem] = 1; next }
  /END CERTIFICATE/ && !known[pem]++ { file = dir "/build-machine-" ++n ".crt"; printf "%s", pem >file; close(file) }
' "$root/etc/ssl/certs/ca-certificates.crt" "$CA_BUNDLE"
# pip has its own list of CAs
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$root/etc/pip.conf"

say "updates"
cp -L /etc/resolv.conf "$root/etc/"
in_root "$root" 'update-ca-certificates; apt-get -qq update; apt-get -qq -y dist-upgrade; apt-get clean'
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/log/* "$root"/tmp/* \
  "$root"/usr/share/{doc,info,lintian,locale,man}/* "$root/etc/resolv.conf" "$root/etc/hostname"
tag_root "$root" "$TAG" "$hash"
