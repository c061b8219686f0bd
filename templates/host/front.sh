# front.sh test|install NAME [PORT]: the site of a deployment in this host's nginx. `test` reads it from stdin.
verb=$1
name=$2
# Debian and Ubuntu read sites-enabled, others conf.d.
if [ -d /etc/nginx/sites-available ]; then
  place=/etc/nginx/sites-available/deploykit-$name.conf
  link=/etc/nginx/sites-enabled/deploykit-$name.conf
else
  place=/etc/nginx/conf.d/deploykit-$name.conf
  link=$place
fi
drop=/etc/systemd/system/$name.socket.d/front.conf

point() { [ "$link" = "$place" ] || ln -sfn "$place" "$link"; }

reload() {
  if systemctl is-active --quiet nginx; then systemctl reload nginx; else systemctl enable --quiet --now nginx; fi
}

# With the new site where the old one is, for as long as nginx reads it.
trial() {
  was=
  if [ -e "$link" ]; then was=$(mktemp) && cp "$place" "$was"; fi
  cp "$place.new" "$place"
  point
  said=$(nginx -t 2>&1) && well=0 || well=$?
  if [ -n "$was" ]; then cat "$was" > "$place" && rm -f "$was"; else rm -f "$link" "$place"; fi
  [ "$well" = 0 ] || { rm -f "$place.new"; echo "$said" >&2; exit 1; }
}

test_site() {
  command -v nginx > /dev/null || { echo 'there is no nginx' >&2; exit 1; }
  cat > "$place.new"
  trial
  user=$(nginx -T 2> /dev/null | sed -n 's/^ *user  *\([^ ;]*\).*/\1/p' | head -n 1)
  mkdir -p "${drop%/*}"
  printf '[Socket]\nSocketUser=%s\nSocketMode=0600\n' "${user:-nobody}" > "$drop"
  systemctl daemon-reload
}

serves() {
  ss -Hltnp "sport = :$1" | grep -q '"nginx"'
}

install_site() {
  if cmp -s "$place.new" "$place" && [ -e "$link" ] && serves "$1"; then rm -f "$place.new"; return; fi
  mv "$place.new" "$place"
  point
  reload
  tries=0
  until serves "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || { tail -n 5 /var/log/nginx/error.log >&2; exit 1; }
    sleep 0.2
  done
}

case $verb in
  test) test_site ;;
  install) install_site "$3" ;;
esac
