// What an update comes to when the connection ends in the middle of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { versioned } from '../drill/apps.mjs';

// An `ssh` to put first in PATH: counts the commands that deploykit runs over its shared connection, and while the one
// asked for runs, ends that connection.
const SHIM = (real) => `#!/bin/bash
case " $* " in
  *" -T "*)
    echo >> "$DRILL_COUNT"
    if [ "$(wc -l < "$DRILL_COUNT")" = "$DRILL_CUT_AT" ]; then
      options=()
      for word in "$@"; do [ "$word" != -T ] || break; options+=("$word"); done
      { sleep 0.3; "${real}" "\${options[@]}" -O exit vm; } > /dev/null 2>&1 &
    fi
    ;;
esac
exec "${real}" "$@"
`;

// What runs on the VM and is not the instance of the current release.
const LEFT = `current=$(basename "$(readlink /srv/drill/current)")
systemctl list-units --plain --no-legend --state=active,activating,deactivating 'drill@*' 'drill-*' |
  awk '{ print $1 }' | grep -vx "drill@$current.service"
ls -d /srv/drill/changing /srv/drill/releases/*.partial 2> /dev/null
systemctl is-active --quiet "drill@$current.service" || echo "$current does not run"`;

/**
 * Cuts the connection during each command of an update in turn, at most so many. Each time the host itself goes back to
 * one release, which serves; the update after the last needs nothing special.
 */
export async function cutEverywhere(drill, config, most) {
  const bin = mkdtempSync(path.join(os.tmpdir(), 'deploykit-drill-ssh-'));
  const count = path.join(bin, 'count');
  const real = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  writeFileSync(path.join(bin, 'ssh'), SHIM(real), { mode: 0o755 });
  const update = (cutAt) => {
    writeFileSync(count, '');
    drill.env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      DRILL_COUNT: count,
      DRILL_CUT_AT: String(cutAt),
    };
    drill.write('s1.py', versioned(`cut ${cutAt}`, drill.sleep));
    return drill.bringUp();
  };
  try {
    await drill.during('update, its commands counted', async () => (await update(0)).ok);
    const points = Math.min(most, readFileSync(count, 'utf8').length);
    for (let n = 1; n <= points; n++) {
      await drill.during(`cut at command ${n} of ${points}`, async () => {
        const { ok, error } = await update(n);
        return (ok || error.code === 'DK_HOST_UNREACHABLE') && (await settled(config));
      });
    }
    await drill.during('update after the cuts', async () => (await update(points + 1)).ok);
  } finally {
    rmSync(bin, { recursive: true });
  }
}

async function settled(config) {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const left = execFileSync('ssh', ['-F', config, 'vm', `${LEFT}; true`], { encoding: 'utf8' }).trim();
    if (left === '' || Date.now() > deadline) return left === '';
    await pause(500);
  }
}
