#!/bin/bash
# Builds deploykit/el9-like:9, a stand-in for CentOS Stream 9 where no image can be pulled: real RPMs with EL 9's names,
# installed by real rpm and dnf; what is in them comes from Debian's packages.
HERE=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$HERE/../lib.sh"
TAG=deploykit/el9-like:9
BASE=deploykit/debian-like:12

"$HERE/../debian-like/build.sh"
hash=$(recipe_hash "$HERE/../lib.sh" "$HERE/../debian-like/build.sh" "$HERE/build.sh" "$HERE/packages.list")
one_at_a_time el9-like
is_current "$TAG" "$hash" && { say "$TAG is up to date"; exit 0; }
untag "$TAG"
need_debs rpm createrepo-c
workspace
cd "$WORK"
mkdir base layers mnt repo rpm

# layer NAME "LOWER..." PAYLOAD: what PAYLOAD (Debian packages, or !command) adds to base and the lower layers
layer() {
  local lower='' l command="apt-get -qq -y --no-install-recommends install $3"
  for l in $2; do lower=$WORK/layers/$l:$lower; done
  [ "${3#!}" = "$3" ] || command=${3#!}
  mkdir "layers/$1" overlay
  mount -t overlay overlay -o "lowerdir=${lower}base,upperdir=$WORK/layers/$1,workdir=$WORK/overlay" mnt
  in_root mnt "$command"
  umount mnt
  rm -rf overlay
}

unpack_base() {
  local container
  container=$(docker create "$BASE")
  docker export "$container" | tar -C base -x || { docker rm "$container" >/dev/null; die "cannot unpack $BASE"; }
  docker rm "$container" >/dev/null
  rm base/.dockerenv
  cp -L /etc/resolv.conf base/etc/
  in_root base 'apt-get -qq update'
}

# The image's root: Debian's dnf and rpm, with their Python out of sight, so that the RPMs decide which python3.11 there is.
make_root() {
  local own=usr/libexec/platform-python.d repo
  layer dnf '' 'dnf rpm'
  find layers/dnf -type c -delete
  cp -a base root
  cp -a layers/dnf/. root/
  cd root
  mkdir -p $own/{bin,lib} etc/{dnf,rpm,yum.repos.d,pki/tls/certs,pki/ca-trust/source/anchors,pki/ca-trust/extracted/pem} var/lib/rpm
  mv usr/bin/python3.11 $own/bin/
  mv usr/lib/python3 usr/lib/python3.11 $own/lib/
  rm -f usr/bin/{py3*,python3*,pydoc3*,pygettext3*,pdb3*}
  ln -s ../../$own/bin/python3.11 usr/libexec/platform-python
  sed -i '1s|.*|#!/usr/libexec/platform-python -sI|' usr/bin/dnf-3
  for name in dnf yum microdnf; do ln -sf dnf-3 usr/bin/$name; done
  ln -sf bash usr/bin/sh
  rm -rf {etc,usr/lib,usr/share,var/cache,var/lib}/{apt,debconf,dpkg} usr/bin/{apt*,debconf*,dpkg*} usr/sbin/{dpkg*,policy-rc.d} \
    usr/share/{doc,info,lintian,locale,man} var/log/* etc/{apt,debian_version,resolv.conf}

  cat >usr/lib/os-release <<E
NAME="deploykit stand-in for CentOS Stream"
VERSION="9"
ID="el9-like"
ID_LIKE="centos rhel fedora"
VERSION_ID="9"
PLATFORM_ID="platform:el9"
PRETTY_NAME="deploykit stand-in for CentOS Stream 9 (Debian's binaries in RPMs)"
E
  echo "deploykit stand-in for CentOS Stream release 9" >etc/redhat-release
  # Debian's rpm would look for its database in root's home
  printf '%s\n' '%_dbpath /var/lib/rpm' '%rhel 9' '%el9 1' '%dist .el9' >etc/rpm/macros
  printf '%s\n' '[main]' installonly_limit=3 clean_requirements_on_remove=True best=True skip_if_unavailable=False >etc/dnf/dnf.conf
  for repo in 'appstream 1' 'crb 0'; do
    printf '[%s]\nname=%s\nbaseurl=file:///usr/share/el9-like/repo\nenabled=%s\ngpgcheck=0\n' \
      "${repo% *}" "${repo% *}" "${repo#* }" >"etc/yum.repos.d/${repo% *}.repo"
  done
  ln -s /etc/ssl/certs/ca-certificates.crt etc/pki/tls/certs/ca-bundle.crt
  ln -s /etc/ssl/certs/ca-certificates.crt etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem
  cat >usr/bin/update-ca-trust <<'E'
#!/bin/sh
for pem in /etc/pki/ca-trust/source/anchors/*; do
  [ ! -f "$pem" ] || cp "$pem" "/usr/local/share/ca-certificates/$(basename "$pem").crt"
done
exec update-ca-certificates >/dev/null
E
  chmod 755 usr/bin/update-ca-trust
  find . -xdev \( -type f -o -type l \) | sort >../root.files
  cd ..
}

# not_payload: of the paths in a layer, those that apt and dpkg leave behind or that EL does not have
not_payload='^\./(boot|dev|proc|root|run|tmp|var)/|^\./etc/(apt|dpkg)/|^\./etc/((passwd|group|g?shadow|sub[ug]id)-?|ld\.so\.cache|resolv\.conf)$'
not_payload+='|^\./usr/share/(bug|debhelper|doc|info|lintian|locale|man)/|/__pycache__/|/EXTERNALLY-MANAGED$'
not_payload+='|^\./usr/bin/(python3|python3-config|pydoc3|pygettext3|py3[^/]*)$'

# make_rpm NAME VERSION REQUIRES PAYLOAD PROVIDES
make_rpm() {
  local l lower='' files=$WORK/rpm/$1.files spec=$WORK/rpm/$1.spec
  for l in $3; do lower+=" $(cat "rpm/$l.lower") $l"; done
  lower=$(tr -s ' ' '\n' <<<"$lower" | awk 'NF && !seen[$0]++' | tr '\n' ' ')
  echo "$lower" >"rpm/$1.lower"
  if [ -n "$4" ]; then layer "$1" "$lower" "$4"; else mkdir "layers/$1"; fi
  (cd "layers/$1" && find . \( -type f -o -type l \)) | sort | comm -23 - root.files |
    awk -v no="$not_payload" '$0 !~ no { print "\"" substr($0, 2) "\"" }' >"$files"
  [ -z "$4" ] || [ -s "$files" ] || die "the package $1 would be empty"
  cat >"$spec" <<E
Name: $1
Version: $2
Release: 1.el9
Summary: stand-in for EL 9's $1
License: various
AutoReqProv: no
${3:+Requires: $3}
${5:+Provides: $5}
%description
Payload: Debian's ${4:-(none)}
%install
mkdir -p %{buildroot}
cp -al $WORK/layers/$1/. %{buildroot}/
%post -p /sbin/ldconfig
%postun -p /sbin/ldconfig
%files -f $files
E
  quiet rpmbuild -bb --define "_topdir $WORK/rpm/top" --define "_rpmdir $WORK/repo" --define "_dbpath $WORK/rpm/db" \
    --define "_tmppath $WORK/rpm" --define '__os_install_post %{nil}' --define 'debug_package %{nil}' --define '_build_id_links none' \
    --define '_unpackaged_files_terminate_build 0' --define '_empty_manifest_terminate_build 0' \
    --define '_binary_payload w3.zstdio' "$spec"
  rm -rf "rpm/top/BUILDROOT"
}

unpack_base
make_root
say "dnf and rpm are in place, $SECONDS s"
while IFS='|' read -r name version requires payload provides; do
  case $name in '' | '#'*) continue ;; esac
  make_rpm "$name" "$version" "$requires" "$payload" "$provides"
  say "rpm $name ($(wc -l <"rpm/$name.files") files), $SECONDS s"
done <"$HERE/packages.list"

quiet createrepo_c -q repo
mkdir -p root/usr/share/el9-like
cp -a repo root/usr/share/el9-like/
in_root root 'dnf -q -y install el9-like-release; dnf -q clean all'
rm -rf root/var/cache/* root/var/log/* root/tmp/*
tag_root "$WORK/root" "$TAG" "$hash"
