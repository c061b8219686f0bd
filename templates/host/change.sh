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
others() { instances | grep -vxF "$1" | tr '\n' ' '; }
# 5: one is not loaded (systemctl(1), EXIT STATUS), as a trial that has ended.
stop_units() { systemctl --quiet stop "$@" || [ $? = 5 ]; }
# shellcheck disable=SC2046
stop_others() { stop_units "$name-trial.service" $(others "$1"); }

# Until it has started, at most 30 s: one that is starting cannot be told to end after its requests.
await_start() {
  tries=0
  while [ "$(systemctl show --value -p SubState "$1")" = start ] && [ "$tries" -lt 60 ]; do
    tries=$((tries + 1))
    sleep 0.5
  done
}

# Written aside and renamed: whole or not at all. Fails when it is there already.
install_file() {
  if cmp -s "$1" "$2"; then return 1; fi
  mkdir -p "${2%/*}"
  { cp "$1" "$2.new" && chmod 644 "$2.new" && mv "$2.new" "$2"; } || { rm -f "$2.new"; exit 1; }
}

# The units of a release. Fails when they are there already.
install_units() {
  units=$root/releases/$1/units changed=
  if install_file "$units/$name.socket" "$system/$name.socket"; then changed=1; fi
  if install_file "$units/$name@.service" "$system/$name@.service"; then changed=1; fi
  [ -n "$changed" ]
}

# What a connection wakes when nothing runs, after a reboot for instance. Fails when it is that release already.
install_drop_in() {
  install_file "$root/releases/$1/units/release.conf" "$system/$name.socket.d/release.conf"
}

# Whether the public socket must be another, which nobody listens on for a moment.
has_another_address() {
  new=$root/releases/$1/units/$name.socket old=$system/$name.socket
  if [ ! -e "$old" ] || cmp -s "$new" "$old"; then return 1; fi
  [ "$(grep '^Listen' "$new")" != "$(grep '^Listen' "$old")" ]
}

install_all() {
  reload=
  if install_units "$1"; then reload=1; fi
  if install_drop_in "$1"; then reload=1; fi
  if [ -n "$reload" ]; then systemctl daemon-reload; fi
}

# By the links that start them at boot: of a template, systemctl list-unit-files does not name the instances.
disable_all_but() {
  for link in "$system/multi-user.target.wants/$name@"*.service; do
    # Not by systemctl disable, which refuses one whose template is gone.
    if [ "${link##*/}" != "$1" ]; then rm -f "$link"; fi
  done
}

enable_only() {
  disable_all_but "$name@$1.service"
  systemctl --quiet --no-reload enable "$name.socket" "$name@$1.service"
}

# Takes the site out of nginx, whichever folder that reads; requests under way are finished.
remove_site() {
  site=deploykit-$name.conf found=
  for file in "$system/$name.socket.d/front.conf" "/etc/nginx/sites-enabled/$site" \
    "/etc/nginx/sites-available/$site" "/etc/nginx/sites-available/$site.new" \
    "/etc/nginx/conf.d/$site" "/etc/nginx/conf.d/$site.new"; do
    if [ -e "$file" ] || [ -L "$file" ]; then rm -f "$file" && found=1; fi
  done
  if [ -z "$found" ]; then return; fi
  systemctl daemon-reload
  if systemctl is-active --quiet nginx; then systemctl reload nginx; fi
}

forget() { rm -rf "$root/releases/$1" "$etc/$1.env" "$etc/$1.secrets"; }

# Undoes what was begun and not ended: afterwards that release serves, alone, which `current` names.
settle() {
  echo "$who, which ended; what it began is being undone" > "$root/lock.holder"
  release=$(serving)
  systemctl stop "$name-release.service"
  # A trial serves nobody; while it loads it cannot be told to end.
  timeout 5 systemctl stop "$name-trial.service" || systemctl kill --signal=KILL "$name-trial.service"
  if [ -n "$release" ]; then (install_all "$release"); fi
  if systemctl is-enabled --quiet "$name.socket"; then
    systemctl start "$name.socket" "$name@$release.service"
    enable_only "$release"
  else
    release=
  fi
  for unit in $(others "$name@$release.service"); do await_start "$unit"; done
  stop_others "$name@$release.service"
  if [ -z "$release" ]; then systemctl stop "$name.socket"; fi
  for path in "$root"/releases/*; do
    if [ -f "$path/healthy" ] || [ "${path##*/}" = "$(serving)" ]; then continue; fi
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
  # arrive RELEASE VENV: unpacks a release from stdin as RELEASE.partial; when that is whole it becomes the release.
  arrive)
    release=$root/releases/$1
    rm -rf "$release.partial" "$etc/$1.secrets"
    mkdir -p "$release.partial"
    tar -x --no-same-owner -C "$release.partial"
    [ -f "$release.partial/complete" ]
    # systemd reads these before it gives up its rights, nobody else does.
    (
      umask 077
      mkdir -p "$etc"
      cp "$release.partial/private/env" "$etc/$1.env"
      if [ -d "$release.partial/private/secrets" ]; then cp -R "$release.partial/private/secrets" "$etc/$1.secrets"; fi
    )
    rm -rf "$release.partial/private"
    ln -s "$2" "$release.partial/venv"
    rm -rf "$release"
    mv "$release.partial" "$release"
    if ! id "$name" > /dev/null 2>&1; then
      install_file "$release/units/sysusers.conf" "/etc/sysusers.d/$name.conf" || true
      systemd-sysusers "/etc/sysusers.d/$name.conf"
    fi
    ;;
  # switch RELEASE KEEP FRONT START PROVE READY: proves a release beside what serves, then lets it take over. The last
  # three are commands, quoted for a shell: what starts the trial, what waits for that, what waits for the instance.
  # Prints what begins, and when, and what these print.
  switch)
    release=$1 keep=$2 front=$3
    unit=$name@$release.service
    begin() { echo "$1 $(date +%s)"; }
    begin trial
    eval "$4" || exit 75
    eval "$5" &
    proof=$!
    ending="$name-trial.service $(others "$unit")"
    listens=$(systemctl is-active "$name.socket") || true
    wait "$proof"
    # It ends while the next one loads.
    stop_units --no-block "$name-trial.service" &
    # nginx has the port that the socket of a deployment without it wants.
    if [ "$front" = none ]; then remove_site; fi
    begin start
    if has_another_address "$release"; then
      stop_others "$unit"
      systemctl stop "$name.socket"
      listens=
    fi
    if install_units "$release" || [ "$listens" != active ]; then
      install_drop_in "$release" || true
      systemctl daemon-reload
      systemctl start "$name.socket"
    fi
    # Why it did not start is in its journal, which is read next.
    systemctl start "$unit" &
    starting=$!
    # After a change of the source alone systemd learns of nothing else, and may while the application loads; not before
    # the server runs, of which it is asked who its user is (nss-systemd(8)).
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      if [ -p "/run/deploykit-$name/$release/master.fifo" ]; then break; fi
      sleep 0.1
    done
    if install_drop_in "$release"; then systemctl daemon-reload; fi
    wait "$starting" || true
    eval "$6"
    # It serves. What may fail comes before `current` names it: until then the others are what a failure goes back to.
    touch "$root/releases/$release/healthy"
    enable_only "$release"
    ln -sfn "releases/$release" "$root/current.new"
    mv -T "$root/current.new" "$root/current"
    # The others end after their requests, old releases and unused environments go.
    begin drain
    # shellcheck disable=SC2086
    stop_units --no-block $ending
    kept=0 last=
    for old in $(releases); do
      kept=$((kept + 1))
      if [ "$kept" -le "$keep" ] || [ "$old" = "$release" ]; then continue; fi
      case " $ending " in *"@$old.service "*) last="$last $old" ;; *) forget "$old" ;; esac
    done
    # shellcheck disable=SC2086
    stop_units $ending
    for old in $last; do forget "$old"; done
    used=$(find "$root/releases" -maxdepth 2 -name venv -printf '%l\n')
    for venv in "$root"/venvs/*; do
      case $used in *"$venv"*) ;; *) rm -rf "$venv" ;; esac
    done
    ;;
  # stop: at the next boot nothing starts, and now what serves ends after its requests.
  stop)
    remove_site
    systemctl --quiet --no-reload disable "$name.socket" 2> /dev/null || true
    disable_all_but none
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
