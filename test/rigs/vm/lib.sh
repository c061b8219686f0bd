# shellcheck shell=bash
# Sourced by build.sh and vm.sh.
VM_RIG=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=../../../docker/lib.sh
. "$VM_RIG/../../../docker/lib.sh"
VM_DIR=$(readlink -m "${DEPLOYKIT_VM_DIR:-/var/cache/deploykit-vm}")
# shellcheck disable=SC2034
IN_VM=/var/cache/deploykit
# shellcheck disable=SC2034
SNAPSHOT=ready
# A snapshot loads only into a machine of the same size.
MEMORY=1024
CPUS=2

vm_recipe() { recipe_hash "$VM_RIG/lib.sh" "$VM_RIG/build.sh"; }

# The folder of an instance: disk.qcow2, qemu.pid, qmp.sock, console.log, and id_ed25519, known_hosts, ssh_config for ssh.
# It is its own, so that a VM goes on while the image is built anew.

# vm_pid FOLDER: of its qemu; the file may outlive the process, and the number may by then be somebody else's
vm_pid() {
  local pid
  pid=$(cat "$1/qemu.pid" 2>/dev/null) && grep -qzxF -- "$1/qemu.pid" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

vm_monitor() { python3 "$VM_RIG/hmp.py" "$1/qmp.sock" "$2"; }

# vm_boot FOLDER [OPTION...]: starts qemu on FOLDER/disk.qcow2 and writes the files that ssh needs
vm_boot() {
  local folder=$1 port
  shift
  quiet qemu-system-x86_64 -name "deploykit-${folder##*/}" -machine q35 -accel tcg,thread=multi,tb-size=256 -cpu max \
    -smp "$CPUS" -m "$MEMORY" -nodefaults -no-user-config -display none -monitor none \
    -kernel "$VM_DIR/vmlinuz" -initrd "$VM_DIR/initrd.img" \
    -append 'root=LABEL=root rw console=ttyS0 quiet mitigations=off systemd.show_status=0' \
    -drive "file=$folder/disk.qcow2,if=virtio,format=qcow2,cache=unsafe,discard=unmap" \
    -netdev 'user,id=net,hostfwd=tcp:127.0.0.1:0-:22' -device virtio-net-pci,netdev=net,romfile= \
    -device virtio-rng-pci -serial "file:$folder/console.log" \
    -qmp "unix:$folder/qmp.sock,server=on,wait=off" -pidfile "$folder/qemu.pid" -daemonize "$@" 9>&-
  port=$(vm_monitor "$folder" 'info usernet' | awk '/HOST_FORWARD/ { print $4 }')
  [ -n "$port" ] || die "qemu forwards no port to the VM's ssh"
  cp "$VM_DIR/id_ed25519" "$folder/"
  sed "s/^/[127.0.0.1]:$port /" "$VM_DIR/host_keys" >"$folder/known_hosts"
  cat >"$folder/ssh_config" <<CONFIG
Host vm
  User root
Host vm-deploy
  User deploy
Host vm vm-deploy
  HostName 127.0.0.1
  Port $port
  IdentityFile "$folder/id_ed25519"
  IdentitiesOnly yes
  UserKnownHostsFile "$folder/known_hosts"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  ConnectTimeout 10
  # Who waits for a machine that is gone hears nothing: TCP alone gives up after a quarter of an hour.
  ServerAliveInterval 5
  ServerAliveCountMax 3
CONFIG
}

vm_ssh() {
  local folder=$1
  shift
  # shellcheck disable=SC2029
  timeout "${PATIENCE:-20}" ssh -F "$folder/ssh_config" vm "$@" </dev/null
}

# vm_wait FOLDER SECONDS: until ssh answers (a connection alone says nothing: qemu accepts it); sets the clock, which a
# snapshot leaves where it stood
vm_wait() {
  local deadline=$((SECONDS + $2)) answer
  until answer=$(vm_ssh "$1" "date -u -s @$(date +%s.%N)" 2>&1); do
    vm_pid "$1" >/dev/null || { tail -n 20 "$1/console.log" >&2; die "qemu ended"; }
    [ $SECONDS -lt $deadline ] || { tail -n 20 "$1/console.log" >&2; die "no ssh within $2 s: $answer"; }
    sleep 0.2
  done
}

# vm_gone FOLDER SECONDS: did it end in time?
vm_gone() {
  local deadline=$((SECONDS + $2))
  while vm_pid "$1" >/dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}

vm_kill() {
  local pid
  if pid=$(vm_pid "$1"); then
    kill "$pid" 2>/dev/null || true
    vm_gone "$1" 10 || kill -9 "$pid" 2>/dev/null || true
    vm_gone "$1" 10 || die "qemu (pid $pid) does not end"
  fi
  rm -rf "$1"
}
