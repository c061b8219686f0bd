#!/bin/bash
# vm.sh start|stop|kill|status|reset [--no-compiler] [--offline] [INSTANCE]: clean Debian VMs for tests. See README.md.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

usage() {
  say "usage: ${0##*/} start|stop|kill|status|reset [--no-compiler] [--offline] [INSTANCE]"
  exit 2
}

describe() {
  printf '{"ssh":{"host":"127.0.0.1","port":%d,"user":"root","key":"%s","knownHosts":"%s"},"pid":%d,"config":"%s"}\n' \
    "$(awk '$1 == "Port" { print $2 }' "$folder/ssh_config")" "$folder/id_ed25519" "$folder/known_hosts" \
    "$(vm_pid "$folder")" "$folder/ssh_config"
}

quiet_ssh() {
  local output
  output=$(vm_ssh "$folder" "$1" 2>&1) || { tail -n 30 <<<"$output" >&2; die "failed in the VM: $1"; }
}

# A server as Debian installs it: no gcc, no headers, no libpython. apt-get can bring them back.
no_compiler() { PATIENCE=180 quiet_ssh "xargs dpkg --purge --force-depends <$IN_VM/compiler-packages"; }

# No name resolves and nothing outside is reached, at once instead of after a timeout; until the next boot.
# The machine that runs the tests stays reachable: ssh comes from there.
offline() { quiet_ssh 'ip route add unreachable default && ip route add unreachable 10.0.2.3'; }

start() {
  local option
  one_at_a_time vm # and not while build.sh runs
  [ "$(cat "$VM_DIR/recipe" 2>/dev/null || true)" = "$(vm_recipe)" ] || die "no image of today's recipe: run $VM_RIG/build.sh"
  ! vm_pid "$folder" >/dev/null || die "the VM $instance runs already; for a clean one: ${0##*/} reset $instance"
  vm_kill "$folder"
  mkdir -p "$folder"
  trap 'vm_kill "$folder"' EXIT # a VM that cannot be used is not left running
  cp --reflink=auto "$VM_DIR/ready.qcow2" "$folder/disk.qcow2"
  vm_boot "$folder" -loadvm "$SNAPSHOT"
  exec 9>&-
  vm_wait "$folder" 60
  for option in "${options[@]}"; do "$option"; done
  trap - EXIT
  describe
}

stop() {
  vm_pid "$folder" >/dev/null || { say "the VM $instance does not run"; return 0; }
  vm_monitor "$folder" system_powerdown
  vm_gone "$folder" 60 || { vm_kill "$folder"; die "the VM $instance did not power off within 60 s; killed"; }
  vm_kill "$folder"
}

status() {
  vm_pid "$folder" >/dev/null || { say "the VM $instance does not run"; return 1; }
  describe
}

command=${1:-}
instance=vm
options=()
for argument in "${@:2}"; do
  case $argument in
    --no-compiler) options+=(no_compiler) ;;
    --offline) options+=(offline) ;;
    -*) usage ;;
    *) instance=$argument ;;
  esac
done
[[ $instance =~ ^[a-z0-9][a-z0-9-]*$ ]] || die "an instance is named with small letters, digits and hyphens: $instance"
folder=$VM_DIR/instances/$instance
need_root

case $command in
  start | stop | status) "$command" ;;
  kill) vm_kill "$folder" ;;
  reset)
    vm_kill "$folder"
    start
    ;;
  *) usage ;;
esac
