import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

// Releases are listed newest first; what is kept keeps its environment file, and every venv that a kept release names.
const SCRIPT = `cd "$1/releases"
kept=0
for id in $(ls -1t); do
  case $id in *.partial) continue;; esac
  kept=$((kept + 1))
  if [ "$kept" -gt "$3" ] && [ "$id" != "$(readlink "$1/current" | sed 's|.*/||')" ]; then rm -rf "$id" "$2/$id.env" "$2/$id.secrets"; fi
done
cd "$1/venvs"
for venv in *; do
  ls -l "$1"/releases/*/venv 2>/dev/null | grep -q "/venvs/$venv$" || rm -rf "$venv"
done`;

/** Removes old releases and the virtual environments nothing uses. */
export async function pruneReleases(on: OnHost, paths: HostPaths, keep: number): Promise<void> {
  await on.shell(SCRIPT, [paths.root, paths.etc, String(keep)]);
}
