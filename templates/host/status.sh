# status.sh NAME RELEASE SECONDS: how the instance of a release is, one key=value a line, then its log. Reads only.
folder=/srv/$1/releases/$2
unit=$1@$2.service
echo "plan=$(cat "$folder/plan.json")"
echo "samples=$(DEPLOYKIT_STATS="/run/deploykit-$1/$2/stats.sock" "$folder/venv/bin/python" "$folder/probe.py" sample "$3" 2>/dev/null)"
systemctl show --timestamp=unix -p ActiveEnterTimestamp,NRestarts,MemoryCurrent,MemoryMax "$unit"
echo "log="
journalctl --no-pager -q -o short-unix -u "$unit" -n 400
