import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Deployment, GET } from './deployment.js';

// Twenty requests of a second; while they run, one process is ended. Prints how many were answered.
const KILLED = (pid: string): string => `
import os, signal, threading, time, urllib.request
codes = []
def get():
    try:
        codes.append(urllib.request.urlopen("http://127.0.0.1:8000/", timeout=60).status)
    except OSError:
        codes.append(0)
threads = [threading.Thread(target=get) for _ in range(20)]
for thread in threads: thread.start()
time.sleep(0.6)
os.kill(${pid}, signal.SIGKILL)
for thread in threads: thread.join()
print(codes.count(200))`;

const EATER = `
@app.route("/eat")
def eat():
    return str(len(b"x" * (600 << 20)))
`;

// Ends the service while a worker that was killed is being replaced; prints the seconds it took, and how often systemd had
// to kill what did not end.
const STOPPED_WHILE_LOADING = (unit: string, master: string, victim: string): string => `
children=$(pgrep -cP ${master})
kill -9 ${victim}
until ! kill -0 ${victim} 2> /dev/null && [ "$(pgrep -cP ${master})" = "$children" ]; do sleep 0.1; done
began=$(date +%s)
systemctl stop ${unit} 2> /dev/null
echo "$(($(date +%s) - began))"
journalctl --no-pager -u ${unit} --since "@$began" | grep -c SIGKILL || true
systemctl start ${unit}`;

// Most of the disk at once; the rest, of which the file system keeps something back, by writing.
const FILL = `fallocate -l $(($(stat -f -c '%f * %S' /) - (64 << 20))) /full; cat /dev/zero > /fuller 2> /dev/null || true`;

/** What happens when processes die, memory or disk run out, and the machine restarts. */
export function crashes({ vm, file, deploykit, up, release }: Deployment): void {
  const show = (property: string): string =>
    vm().sh(`systemctl show --value -p ${property} "shop@$(basename "$(readlink /srv/shop/current)")"`);
  const workers = (): string[] =>
    vm()
      .sh(`pgrep -P ${show('MainPID')}`)
      .split('\n');

  it('kill -9 of a worker: the requests of the others live, the master starts another', async () => {
    const master = show('MainPID');
    const [victim = ''] = workers();
    const answered = Number(vm().sh(`python3 -c '${KILLED(victim)}'`));
    expect(answered).toBeGreaterThan(0);
    expect(vm().sh(GET)).toBe('200');
    expect(show('MainPID')).toBe(master);
    await expect.poll(workers, { timeout: 20_000 }).toHaveLength(2);
    const { data } = (await deploykit('status')).json;
    expect(data).toMatchObject({
      running: true,
      restarts: { service: 0, workers: 1 },
      lastError: { text: expect.stringContaining(`(pid: ${victim}) died, killed by signal 9`) },
    });
  });

  it('told to end while a worker loads the application: it waits until it is heard, and nothing is killed', async () => {
    const [victim = ''] = workers();
    const script = STOPPED_WHILE_LOADING(`shop@${await release()}`, show('MainPID'), victim);
    const [seconds, killed] = vm().sh(script).split('\n').map(Number);
    // TimeoutStopSec= is 40 s.
    expect(seconds).toBeLessThan(30);
    expect(killed).toBe(0);
  });

  it('kill -9 of the master: systemd starts the same release again, the socket never closed', async () => {
    const before = await release();
    vm().sh(`kill -9 ${show('MainPID')}`);
    expect(vm().sh(GET)).toBe('200');
    const { data } = (await deploykit('status')).json;
    expect(data).toMatchObject({ running: true, release: before, restarts: { service: 1 } });
  });

  it('a disk that is full during an update: DK_HOST_FULL, nothing is left, the next up does it', async () => {
    const before = await release();
    const left = (): string => vm().sh('ls /srv/shop/releases /srv/shop/venvs /etc/deploykit/shop');
    const files = left();
    writeFileSync(file('s1.py'), readFileSync(file('s1.py'), 'utf8') + EATER);
    writeFileSync(file('asset'), Buffer.alloc(2 << 20, 1));
    vm().sh(FILL);
    const full = await up();
    vm().sh('rm /full /fuller');
    expect(full, full.stdout).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'DK_HOST_FULL', hint: expect.stringContaining('df -h') } },
    });
    expect(left()).toBe(files);
    expect(await release()).toBe(before);
    expect(vm().sh(GET)).toBe('200');
    rmSync(file('asset'));
    expect((await up()).json.data).toMatchObject({ changed: true });
  });

  it('what is replaced cannot be cleared away: exit 1 says which release serves, and it is the new one', async () => {
    const before = await release();
    vm().sh('mkdir /srv/shop/venvs/unused && chattr +i /srv/shop/venvs/unused');
    try {
      appendFileSync(file('s1.py'), '# beside what cannot be removed\n');
      const { exitCode, json } = await up();
      const serving = await release();
      expect(serving).not.toBe(before);
      expect({ exitCode, error: json.error }).toMatchObject({
        exitCode: 1,
        error: {
          code: 'DK_HOST_FAILED',
          message: expect.stringContaining(`release ${serving} serves`),
          excerpt: expect.stringContaining('/srv/shop/venvs/unused'),
        },
      });
      expect(vm().sh(GET)).toBe('200');
      expect(vm().sh('systemctl list-units --plain --no-legend "shop@*" | grep -c .')).toBe('1');
    } finally {
      vm().sh('chattr -i /srv/shop/venvs/unused');
    }
    expect((await up()).json).toMatchObject({ ok: true, data: { changed: false } });
    appendFileSync(file('s1.py'), '# and when it can be\n');
    expect((await up()).json.ok).toBe(true);
    expect(vm().sh('ls -d /srv/shop/venvs/unused 2>&1 || true')).toContain('No such file');
  });

  it('a worker over MemoryMax: the kernel ends it alone, another takes its place', async () => {
    vm().sh(`systemctl set-property --runtime "shop@${await release()}.service" MemoryMax=300M`);
    const master = show('MainPID');
    vm().sh(`${GET.replace('8000/', '8000/eat')} 2> /dev/null || true`);
    expect(vm().sh(GET)).toBe('200');
    expect(show('MainPID')).toBe(master);
    const { data } = (await deploykit('status')).json;
    expect(data).toMatchObject({
      running: true,
      restarts: { service: 0, workers: 1 },
      memory: { limitBytes: 300 << 20 },
    });
    expect(vm().sh('journalctl --no-pager -u "shop@*" | grep -c "killed by the OOM killer"')).not.toBe('0');
  });

  it('the bus is down, which a login that is not root asks systemd over: what serves is seen all the same', async () => {
    vm().sh('systemctl stop dbus.socket dbus.service');
    try {
      expect((await deploykit('status')).json.data).toMatchObject({
        running: true,
        release: await release(),
      });
    } finally {
      vm().sh('systemctl start dbus.socket');
    }
  });

  it('a reboot: the same release serves again', async () => {
    const before = await release();
    const boot = vm().sh('cat /proc/sys/kernel/random/boot_id');
    vm().sh('systemctl --no-block reboot || true');
    const now = (): string => {
      try {
        return vm().sh('cat /proc/sys/kernel/random/boot_id');
      } catch {
        return boot;
      }
    };
    await expect.poll(now, { timeout: 120_000, interval: 500 }).not.toBe(boot);
    expect(vm().sh(GET)).toBe('200');
    const { data } = (await deploykit('status')).json;
    expect(data, vm().sh(SEEN)).toMatchObject({ running: true, release: before });
    // None of the releases before it, which are kept.
    expect(vm().sh(BEGUN)).toBe(`shop@${before}.service`);
  });
}

const BEGUN = `systemctl list-units --all --plain --no-legend 'shop@*' | awk '{ print $1 }'`;

// What a failure of it is judged by.
const SEEN = `systemctl list-units --all --plain --no-legend 'shop*'; systemctl list-unit-files --no-legend 'shop*'
readlink /srv/shop/current; ls -t /srv/shop/releases; journalctl -b --no-pager -u 'shop*' | tail -n 60`;
