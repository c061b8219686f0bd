#!/bin/bash
# engine.sh start|stop|status: a Docker engine for Debian, also where no init system runs
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "$0")")/lib.sh"
SOCKET=/var/run/docker.sock
PID_FILE=/var/run/deploykit-dockerd.pid
LOG=/var/log/deploykit-dockerd.log
PATIENCE=60

version() { timeout 10 docker -H "unix://$SOCKET" version -f '{{.Server.Version}}, API {{.Server.APIVersion}}' 2>/dev/null; }

# the file may outlive its process, and the number may by then be somebody else's
our_pid() {
  local pid
  pid=$(cat "$PID_FILE" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && echo "$pid"
}

answers() { local v; v=$(version) && say "an engine already answers on $SOCKET ($v)"; }

start() {
  local v child deadline
  ! answers || return 0
  one_at_a_time engine
  ! answers || return 0
  command -v dockerd >/dev/null || need_debs docker.io iptables
  ! our_pid >/dev/null || die "the dockerd of $PID_FILE runs but does not answer; its log: $LOG"
  rm -f "$PID_FILE"
  # Without docker-proxy a port published on 127.0.0.1 is the container's own: nothing accepts on its behalf.
  setsid dockerd --userland-proxy=false --pidfile "$PID_FILE" >"$LOG" 2>&1 </dev/null 9>&- &
  child=$!
  deadline=$((SECONDS + PATIENCE))
  until v=$(version); do
    if [ $SECONDS -ge $deadline ] || ! kill -0 "$child" 2>/dev/null; then
      kill "$child" 2>/dev/null || true
      tail -n 20 "$LOG" >&2
      die "dockerd does not answer on $SOCKET; its log: $LOG"
    fi
    sleep 0.2
  done
  say "engine started on $SOCKET ($v), log $LOG"
}

stop() {
  local pid deadline=$((SECONDS + PATIENCE))
  one_at_a_time engine
  pid=$(our_pid) || { say "no engine that this script started is running"; return 0; }
  kill "$pid"
  while [ -d "/proc/$pid" ]; do
    [ $SECONDS -lt $deadline ] || die "dockerd (pid $pid) did not end within $PATIENCE s"
    sleep 0.2
  done
  say "engine stopped"
}

status() {
  local v
  v=$(version) || { say "no engine answers on $SOCKET"; return 1; }
  say "engine $v, $(our_pid >/dev/null && echo "started by this script" || echo "not started by this script")"
}

case ${1:-} in
  start | stop | status) "$1" ;;
  *) say "usage: ${0##*/} start|stop|status"; exit 2 ;;
esac
