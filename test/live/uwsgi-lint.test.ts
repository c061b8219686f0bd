import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../helpers/rigs.js';
import { boot, DEBIAN_UWSGI, inParallel, pipUwsgi } from '../helpers/uwsgi.js';
import { corpus, findingsOf } from '../uwsgi/lint/corpus.js';

describeWith('uwsgi', 'lint against uWSGI itself', () => {
  let pip = '';
  beforeAll(async () => {
    pip = await pipUwsgi();
  });

  it('a file of the corpus boots under strict exactly when lint finds nothing that keeps it from it', async () => {
    const files = corpus().filter(({ setup }) => ['2.0.31', '2.0.21'].includes(setup.version));
    const wrong: string[] = [];
    await inParallel(files, async (file) => {
      const binary = file.setup.version === '2.0.21' ? DEBIAN_UWSGI : pip;
      const stops = findingsOf(file).filter(({ stopsBoot }) => stopsBoot);
      const { booted, log } = await boot(binary, file.name, file.text);
      if (booted === (stops.length === 0)) return;
      const said = stops.map(({ rule }) => rule).join(', ') || 'nothing';
      wrong.push(`${file.name}: lint: ${said}; uWSGI ${booted ? 'boots' : `does not:\n${log.slice(-600)}`}`);
    });
    expect(wrong).toEqual([]);
  });
});
