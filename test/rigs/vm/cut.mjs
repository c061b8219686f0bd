// What an update comes to when the connection ends in the middle of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { versioned } from '../drill/apps.mjs';

// An `ssh` to put first in PATH: so long after the first command that deploykit runs over its shared connection, it ends
// that connection.
const SHIM = (real) => `#!/bin/bash
case " $* " in
  *" -T "*)
    if [ -n "$DRILL_CUT_AFTER" ] && mkdir "$DRILL_BEGUN" 2> /dev/null; then
      options=()
      for word in "$@"; do [ "$word" != -T ] || break; options+=("$word"); done
      { sleep "$DRILL_CUT_AFTER"; [ ! -d "$DRILL_BEGUN" ] || "${real}" "\${options[@]}" -O exit vm; } > /dev/null 2>&1 &
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
 * Cuts the connection at so many moments, spread evenly over an update. Each time the host itself goes back to one
 * release, which serves; the update after the last needs nothing special.
 */
export async function cutEverywhere(drill, config, moments) {
  const bin = mkdtempSync(path.join(os.tmpdir(), 'deploykit-drill-ssh-'));
  const real = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  writeFileSync(path.join(bin, 'ssh'), SHIM(real), { mode: 0o755 });
  const update = async (name, cutAfter) => {
    // There while this update is at work: one that ended before its cut leaves the next alone.
    const begun = path.join(bin, name);
    drill.env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      DRILL_BEGUN: begun,
      DRILL_CUT_AFTER: cutAfter,
    };
    drill.write('s1.py', versioned(name, drill.sleep));
    try {
      return await drill.bringUp();
    } finally {
      rmSync(begun, { recursive: true, force: true });
    }
  };
  try {
    let seconds = 0;
    await drill.during('update without a cut', async () => {
      const began = performance.now();
      const { ok } = await update('whole', '');
      seconds = (performance.now() - began) / 1000;
      return ok;
    });
    for (let n = 1; n <= moments; n++) {
      const after = ((seconds * n) / (moments + 1)).toFixed(1);
      await drill.during(`cut after ${after} of ${seconds.toFixed(1)} s`, async () => {
        const { ok, error } = await update(`cut ${n}`, after);
        return (ok || error.code === 'DK_HOST_UNREACHABLE') && (await settled(config));
      });
    }
    await drill.during('update after the cuts', async () => (await update('after', '')).ok);
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
