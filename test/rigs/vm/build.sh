#!/bin/bash
# Builds the VM for tests: Debian 12 with systemd as PID 1, and a snapshot of it booted. See README.md.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
PACKAGES=systemd,systemd-sysv,libnss-systemd,dbus,udev,linux-image-cloud-amd64,initramfs-tools,openssh-server,sudo
PACKAGES+=,ca-certificates,iproute2,procps,python3,python3-venv
# what building uWSGI takes; `vm.sh start --no-compiler` takes it away again
COMPILER='gcc libc6-dev python3-dev libpcre2-dev libssl-dev'
WHEELS="uwsgi==2.0.31 'flask==3.1.*' gevent 'django>=5,<6' setuptools wheel"
GUEST_CA=/etc/ssl/certs/ca-certificates.crt
MADE=(base.qcow2 ready.qcow2 vmlinuz initrd.img id_ed25519 id_ed25519.pub host_keys wheelhouse)
MAKING=$VM_DIR/instances/building

hash=$(vm_recipe)
one_at_a_time vm
[ "$(cat "$VM_DIR/recipe" 2>/dev/null || true)" != "$hash" ] || { say "$VM_DIR is up to date"; exit 0; }

clear_image() {
  vm_kill "$MAKING"
  rm -f "$VM_DIR/recipe"
  (cd "$VM_DIR" && rm -rf "${MADE[@]}")
}

ended() {
  [ -e "$VM_DIR/recipe" ] || clear_image
  clear_workspace
}

need_debs mmdebstrap qemu-utils qemu-system-x86 e2fsprogs openssh-client python3
apt_update
mkdir -p "$VM_DIR"
clear_image
workspace
trap ended EXIT
trap 'exit 143' TERM # only after the command that runs now: it writes where ended cleans up
root=$WORK/root

# The sources that this machine installs from, and the settings that it needs to reach them.
sources() {
  local suite uri
  for suite in bookworm bookworm-updates bookworm-security; do
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" 'Component: main' | sed 1q)
    [ -z "$uri" ] || echo "deb $uri $suite main"
  done
}

unpack() {
  sources >"$WORK/sources.list"
  grep -q ' bookworm main' "$WORK/sources.list" || die "the apt sources of this machine have no Debian 12 (bookworm)"
  apt-config dump | grep -E '^Acquire::(Check-[^:]*|https?::.*|Retries) "[^"]+"' >"$WORK/apt.conf" || true
  quiet mmdebstrap --mode=root --variant=minbase --include="$PACKAGES" --aptopt="$WORK/apt.conf" \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$root" "$WORK/sources.list"
  say "unpacked, $SECONDS s"
}

# what pip, curl and Python need to reach the registries from here; paths of CA bundles become the guest's own
trust() {
  local name
  [ ! -d /usr/local/share/ca-certificates ] || cp -rL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
  [ ! -f /etc/pip.conf ] || sed "s#$CA_BUNDLE#$GUEST_CA#g" /etc/pip.conf >"$root/etc/pip.conf"
  env | grep -iE '^((https?|ftp|all|no)_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|PROXY|DEFAULT_TIMEOUT|RETRIES))=' \
    >>"$root/etc/environment" || true
  for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do
    [ -z "${!name:-}" ] || echo "$name=$GUEST_CA" >>"$root/etc/environment"
  done
  in_root "$root" 'update-ca-certificates'
  cp -L "$CA_BUNDLE" "$root$GUEST_CA" # last: update-ca-certificates writes it anew
}

# a proxy or mirror on this machine's loopback is 10.0.2.2 seen from the guest
see_from_guest() {
  local file
  for file in "$root"/etc/{environment,pip.conf} "$root"/etc/apt/{sources.list,apt.conf}.d/*; do
    [ ! -f "$file" ] || sed -i -E 's#//(localhost|127\.0\.0\.1)([:/"]|$)#//10.0.2.2\2#g' "$file"
  done
}

configure() {
  local home
  echo deploykit-vm >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 deploykit-vm\n' >"$root/etc/hosts"
  echo 'LABEL=root / ext4 defaults,noatime 0 0' >"$root/etc/fstab"
  printf '[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' >"$root/etc/systemd/network/80-dhcp.network"
  printf 'PasswordAuthentication no\n' >"$root/etc/ssh/sshd_config.d/key-only.conf"
  printf 'MODULES=list\nCOMPRESS=gzip\n' >"$root/etc/initramfs-tools/conf.d/vm"
  printf '%s\n' virtio_pci virtio_blk ext4 >>"$root/etc/initramfs-tools/modules"
  in_root "$root" '
    update-initramfs -u -k all
    useradd -m -s /bin/bash deploy
    systemctl enable systemd-networkd
    systemctl disable systemd-networkd-wait-online.service
    systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
      fstrim.timer getty@tty1.service serial-getty@ttyS0.service'
  echo 'deploy ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/deploy"
  chmod 440 "$root/etc/sudoers.d/deploy"
  ssh-keygen -q -t ed25519 -N '' -C deploykit-vm -f "$VM_DIR/id_ed25519"
  for home in root home/deploy; do
    install -d -m 700 "$root/$home/.ssh"
    install -m 600 "$VM_DIR/id_ed25519.pub" "$root/$home/.ssh/authorized_keys"
  done
  in_root "$root" 'chown -R deploy:deploy /home/deploy'
  cut -d' ' -f1,2 "$root"/etc/ssh/ssh_host_*_key.pub >"$VM_DIR/host_keys"
  cp -L "$root/vmlinuz" "$root/initrd.img" "$VM_DIR/"
}

# Natively, in the VM's own root: in the VM a compilation of uWSGI takes three minutes.
compile() {
  local name
  unset PIP_FIND_LINKS
  for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do
    [ -z "${!name:-}" ] || export "$name=$GUEST_CA"
  done
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  say "configured, $SECONDS s"
  in_root "$root" "
    mkdir -p $IN_VM
    dpkg-query -W -f '\${Package}\n' | sort >/tmp/before
    apt-get -qq update
    apt-get -qq -y --no-install-recommends install $COMPILER
    dpkg-query -W -f '\${Package}\n' | sort | comm -13 /tmp/before - >$IN_VM/compiler-packages
    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install wheel
    /tmp/venv/bin/pip wheel --no-cache-dir -w $IN_VM/wheelhouse $WHEELS
    rm -r /tmp/venv
    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install --no-index --find-links $IN_VM/wheelhouse $WHEELS
    /tmp/venv/bin/uwsgi --version
    /tmp/venv/bin/python -c 'import gevent, flask, django'
    rm -r /tmp/venv /tmp/before
    apt-get clean"
  cp -r "$root$IN_VM/wheelhouse" "$VM_DIR/"
  rm -rf "$root"/var/lib/apt/lists/* "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf" "$root"/var/log/*.log
  echo 'nameserver 10.0.2.3' >"$root/etc/resolv.conf" # qemu's, which asks this machine's
}

disk() {
  quiet mke2fs -t ext4 -L root -d "$root" -m 0 -E root_owner=0:0 "$WORK/disk" 6G
  qemu-img convert -f raw -O qcow2 "$WORK/disk" "$VM_DIR/base.qcow2"
  rm -rf "$root" "$WORK/disk"
  say "disk image, $SECONDS s"
}

snapshot() {
  local state said
  qemu-img create -q -f qcow2 -b "$VM_DIR/base.qcow2" -F qcow2 "$MAKING/disk.qcow2"
  vm_boot "$MAKING"
  vm_wait "$MAKING" 180
  say "booted, $SECONDS s"
  state=$(PATIENCE=120 vm_ssh "$MAKING" 'systemctl is-system-running --wait || systemctl --failed --plain --no-legend; sync')
  [ "$state" = running ] || die "the VM is not well: $state"
  said=$(vm_monitor "$MAKING" "savevm $SNAPSHOT")
  [ -z "$said" ] || die "no snapshot: $said"
  vm_monitor "$MAKING" quit >/dev/null
  vm_gone "$MAKING" 20 || die "qemu does not end"
  mv "$MAKING/disk.qcow2" "$VM_DIR/ready.qcow2"
  rm -r "$MAKING"
}

mkdir -p "$MAKING"
unpack
trust
configure
(compile)
see_from_guest
disk
snapshot
echo "$hash" >"$VM_DIR/recipe"
say "built $VM_DIR ($(du -sm --exclude=instances "$VM_DIR" | cut -f1) MB) in $SECONDS s"
