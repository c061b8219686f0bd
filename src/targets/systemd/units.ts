import { createHash } from 'node:crypto';
import type { Artefact } from '../../plan/types.js';
import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';

/** Where each rendered unit file goes. */
function places(name: string): [artefact: string, place: string][] {
  return [
    [`${name}.socket`, `/etc/systemd/system/${name}.socket`],
    [`${name}@.service`, `/etc/systemd/system/${name}@.service`],
    ['sysusers.conf', `/etc/sysusers.d/${name}.conf`],
  ];
}

/** Installs the units that differ from those on the host. @returns whether the public socket changed. */
export async function installUnits(
  on: OnHost,
  name: string,
  artefacts: readonly Artefact[],
  facts: HostFacts,
): Promise<{ socketChanged: boolean }> {
  const text = (artefact: string): string => artefacts.find((file) => file.path === artefact)?.contents ?? '';
  const all = places(name).map(([artefact]) => text(artefact));
  const digest = createHash('sha256').update(all.join('')).digest('hex');
  if (digest === facts.units) return { socketChanged: false };
  on.reporter.step(`${on.host.name}: installing units`);
  const before = await on.try(['cat', `/etc/systemd/system/${name}.socket`]);
  for (const [artefact, place] of places(name)) {
    await on.shell(
      'mkdir -p "$(dirname "$1")" && cat > "$1.new" && chmod 644 "$1.new" && mv "$1.new" "$1"',
      [place],
      {
        input: text(artefact),
      },
    );
  }
  await on.run(['systemd-sysusers', `/etc/sysusers.d/${name}.conf`]);
  await on.run(['systemctl', 'daemon-reload']);
  return { socketChanged: facts.socketActive && before.stdout !== text(`${name}.socket`) };
}
