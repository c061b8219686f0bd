# facts.sh NAME: what deploykit needs to know of a host, one key=value a line. Reads only, and needs no root.
name=$1
PATH=$PATH:/usr/sbin:/sbin
. /etc/os-release
read -r _ memory _ < /proc/meminfo
# Root asks systemd itself, everybody else over the bus, which may be down, or may have lost systemd at a slow boot.
units() {
  "$@" systemctl list-units --plain --no-legend --state=active,activating,reloading,deactivating "$name@*.service" "$name.socket"
}
units=$(units 2> /dev/null) || units=$(if [ "$(id -u)" = 0 ]; then units; else units sudo -n; fi) || exit 1
echo "os=$ID $VERSION_ID"
echo "osRelease=$(base64 -w0 /etc/os-release)"
echo "systemd=$(systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p')"
echo "cpus=$(nproc)"
echo "memory=$((memory * 1024))"
echo "somaxconn=$(cat /proc/sys/net/core/somaxconn)" # not by read, which asks for a byte at a time and gets one
echo "disk=$(df -B1 --output=avail /srv | tail -n 1)"
echo "selinux=$(getenforce 2> /dev/null || echo none)"
echo "semanage=$(command -v semanage)"
echo "clock=$(date +%s)"
echo "compiler=$(command -v gcc || command -v cc)"
if cd "/srv/$name" 2> /dev/null; then
  current=$(readlink current)
  echo "current=${current##*/}"
  # The names are ours: hexadecimal. Newest first.
  # shellcheck disable=SC2012
  echo "releases=$(ls -1t releases | sed '/\.partial$/d' | tr '\n' ' ')"
  # shellcheck disable=SC2012
  echo "healthy=$(ls -1t releases/*/healthy 2> /dev/null | cut -d/ -f2 | tr '\n' ' ')"
  venvs=
  for venv in venvs/*/.complete; do if [ -e "$venv" ]; then venvs="$venvs $(basename "${venv%/*}")"; fi; done
  echo "venvs=$venvs"
fi
echo "active=$(echo "$units" | awk '/\.service/ { printf "%s ", $1 }')"
echo "socket=$(echo "$units" | awk '$1 ~ /\.socket$/ { print $3 }')"
