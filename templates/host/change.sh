# change.sh VERB NAME …: the parts of a change of a deployment, on its host, as root.
verb=$1 name=$2
shift 2
root=/srv/$name etc=/etc/deploykit/$name system=/etc/systemd/system

serving() { readlink "$root/current" | sed 's|.*/||'; }
# The names are ours: hexadecimal.
# shellcheck disable=SC2012
releases() { ls -1t "$root/releases" 2> /dev/null | sed '/\.partial$/d' | tr '\n' ' '; }
instances() {
  systemctl list-units --plain --no-legend --state=active,activating,reloading,deactivating "$name@*.service" |
    awk '{ print $1 }'
}
stop_others() { for unit in $(instances); do [ "$unit" = "$1" ] || systemctl stop "$unit"; done; }

# Written aside and renamed: whole or not at all. Fails when it is there already.
install_file() {
  if cmp -s "$1" "$2"; then return 1; fi
  mkdir -p "${2%/*}"
  { cp "$1" "$2.new" && chmod 644 "$2.new" && mv "$2.new" "$2"; } || { rm -f "$2.new"; exit 1; }
}

# The units of a release; its drop-in is what a connection wakes when nothing runs, after a reboot for instance.
install_units() {
  units=$root/releases/$1/units changed=
  if install_file "$units/$name.socket" "$system/$name.socket"; then changed=1; fi
  if install_file "$units/$name@.service" "$system/$name@.service"; then changed=1; fi
  if install_file "$units/release.conf" "$system/$name.socket.d/release.conf"; then changed=1; fi
  if [ -n "$changed" ]; then systemctl daemon-reload; fi
}

enable_only() {
  for unit in $(systemctl list-unit-files --plain --no-legend --state=enabled "$name@*.service" | awk '{ print $1 }'); do
    if [ "$unit" != "$name@$1.service" ]; then systemctl --quiet --no-reload disable "$unit"; fi
  done
  systemctl --quiet --no-reload enable "$name.socket" "$name@$1.service"
}

# Undoes what was begun and not ended: afterwards that release serves, alone, which `current` names.
settle() {
  echo "$who, which ended; what it began is being undone" > "$root/lock.holder"
  release=$(serving)
  systemctl stop "$name-trial.service" "$name-release.service"
  if [ -n "$release" ]; then (install_units "$release"); fi
  if systemctl is-enabled --quiet "$name.socket"; then
    systemctl start "$name.socket" "$name@$release.service"
    enable_only "$release"
  else
    release=
  fi
  stop_others "$name@$release.service"
  if [ -z "$release" ]; then systemctl stop "$name.socket"; fi
  for path in "$root"/releases/*; do
    if [ -f "$path/healthy" ] || [ "${path##*/}" = "$(serving)" ]; then rm -f "$path/trial.ini"; continue; fi
    id=$(basename "$path" .partial)
    rm -rf "$path" "$etc/$id.env" "$etc/$id.secrets"
  done
  for path in "$root"/venvs/*; do [ -f "$path/.complete" ] || rm -rf "$path"; done
}

case $verb in
  # hold WHO: holds the lock, which is the kernel's, for as long as the connection is there: it cannot become stale.
  # A line `alive` must come at least once a minute; `done` ends a change that went well. On anything else, also the end
  # of the connection, what was begun is undone.
  hold)
    trap '' PIPE # a connection that ends before the answer is read must not end what undoes the rest
    mkdir -p "$root" && exec 9>> "$root/lock" || exit 1
    flock -n 9 || { grep -q 'being undone' "$root/lock.holder" && flock -w 60 9; } ||
      { echo "held by $(cat "$root/lock.holder")"; exit 75; }
    who=$1
    echo "$1, since $(date -u +%FT%TZ)" > "$root/lock.holder"
    if [ -e "$root/changing" ]; then settle > /dev/null 2>&1; fi
    : > "$root/changing"
    echo "locked $(serving) | $(releases)| $(instances | sed "s/^$name@//; s/\.service$//" | tr '\n' ' ')"
    while word=$(timeout 60 head -n 1) && [ "$word" = alive ]; do :; done
    if [ "$word" != "done" ]; then settle > /dev/null 2>&1; fi
    if [ -d "$root" ]; then
      rm -f "$root/changing"
      echo "$(date -u +%FT%TZ) $1: ${word:-cut}" >> "$root/audit.log"
    fi
    ;;
  # arrive RELEASE VENV: what was unpacked as RELEASE.partial is whole, and becomes the release.
  arrive)
    release=$root/releases/$1
    [ -f "$release.partial/complete" ]
    ln -s "$2" "$release.partial/venv"
    rm -rf "$release"
    mv "$release.partial" "$release"
    if ! id "$name" > /dev/null 2>&1; then
      install_file "$release/units/sysusers.conf" "/etc/sysusers.d/$name.conf" || true
      systemd-sysusers "/etc/sysusers.d/$name.conf"
    fi
    ;;
  # start RELEASE: on the public socket, beside what serves; prints when. Only another address needs another socket.
  start)
    address() { grep '^Listen' "$1" 2> /dev/null || true; }
    if [ "$(address "$root/releases/$1/units/$name.socket")" != "$(address "$system/$name.socket")" ]; then
      stop_others "$name@$1.service"
      systemctl stop "$name.socket" 2> /dev/null || true
    fi
    install_units "$1"
    date +%s
    systemctl start "$name.socket"
    # Why it did not start is in its journal, which is read next.
    systemctl start "$name@$1.service" || true
    ;;
  # finish RELEASE KEEP: it serves; the others end after their requests, old releases and unused environments go.
  finish)
    ln -sfn "releases/$1" "$root/current.new"
    mv -T "$root/current.new" "$root/current"
    touch "$root/releases/$1/healthy"
    enable_only "$1"
    stop_others "$name@$1.service"
    kept=0
    for release in $(releases); do
      kept=$((kept + 1))
      if [ "$kept" -le "$2" ] || [ "$release" = "$1" ]; then continue; fi
      rm -rf "$root/releases/$release" "$etc/$release.env" "$etc/$release.secrets"
    done
    for venv in "$root"/venvs/*; do
      used=
      for link in "$root"/releases/*/venv; do if [ "$(readlink "$link")" = "$venv" ]; then used=1; fi; done
      if [ -z "$used" ]; then rm -rf "$venv"; fi
    done
    ;;
  # stop: at the next boot nothing starts, and now what serves ends after its requests.
  stop)
    systemctl --quiet --no-reload disable "$name.socket" 2> /dev/null || true
    for unit in $(instances); do systemctl --quiet --no-reload disable "$unit"; done
    # shellcheck disable=SC2046
    systemctl --quiet stop "$name.socket" $(instances)
    ;;
  # purge: all but /var/lib/NAME, the service's StateDirectory, which is the user's data.
  purge)
    rm -rf "$root" "$etc" "$system/$name.socket" "$system/$name.socket.d" "$system/$name@.service" "/etc/sysusers.d/$name.conf"
    systemctl daemon-reload
    if id "$name" > /dev/null 2>&1; then userdel "$name"; fi
    ;;
esac
