import { atKey, atValue, page, type Rule } from '../types.js';

// Sizes in units that are not those one expects. Source: core/uwsgi.c (uwsgi_opt_set_16bit), core/logging.c, core/init.c.

const MIB = 1024 * 1024;
const HALF_GIB = 512 * MIB;

export const logMaxsize: Rule = {
  id: 'log-maxsize-unit',
  code: 'W7',
  severity: 'warning',
  title: 'log-maxsize that does not limit the log as meant',
  does: 'It counts bytes, and acts only on a log that uWSGI writes to a file itself (logto, daemonize): a small number rotates the file every few seconds, and the old ones are never removed.',
  mend: 'Write bytes, such as 104857600 for 100 MiB; or leave it out where the log goes to stdout.',
  page: page('LogFormat'),
  find: (view) => {
    const setting = view.last('log-maxsize');
    if (!setting) return [];
    const bytes = view.count('log-maxsize') ?? MIB;
    const file = ['logto', 'logto2', 'daemonize', 'daemonize2'].some((name) => view.last(name));
    if (bytes < 65_536)
      return [atValue(setting, `log-maxsize = ${bytes} bytes: the log is rotated after some lines`)];
    return file || !view.complete
      ? []
      : [atKey(setting, 'the log goes to stdout, which log-maxsize does not touch')];
  },
};

export const bufferSize: Rule = {
  id: 'buffer-size',
  code: 'W8',
  severity: 'warning',
  title: 'a buffer-size that is cut, or multiplied by every slot',
  does: 'It bounds the request line and the headers, not the body, and is 16 bits wide: more than 65535 is 65535. Each slot of each worker has one.',
  mend: 'Use 8192 to 32768 for large cookies; a limit of the body is limit-post, or client_max_body_size of nginx.',
  page: page('ThingsToKnow'),
  find: (view) => {
    const setting = view.last('buffer-size');
    const size = view.count('buffer-size');
    if (!setting || size === undefined) return [];
    if (size > 65_535) {
      const { raw } = setting;
      const digits = /^\d+/.exec(raw.text)?.[0].length ?? 0;
      const fix = [{ offset: raw.offset, end: raw.offset + digits, text: '65535' }];
      const plain = setting.source.text.slice(raw.offset, raw.offset + digits) === raw.text.slice(0, digits);
      const message = `buffer-size = ${size} is 65535, and bounds the headers, not the body`;
      return [atValue(setting, message, plain ? { fix } : {})];
    }
    if (size > 0 && size <= 4096)
      return [atValue(setting, `${size} bytes: a request with large cookies is refused`)];
    const slots = (view.count('processes') ?? 1) * Math.max(view.greenlets, view.count('threads') ?? 1);
    return slots * size >= HALF_GIB
      ? [atValue(setting, `${slots} slots of ${size} bytes: ${Math.round((slots * size) / MIB)} MiB`)]
      : [];
  },
};

export const postBuffering: Rule = {
  id: 'post-buffering-memory',
  code: 'P13',
  severity: 'warning',
  title: 'post-buffering multiplied by every slot',
  does: 'Each slot of each worker keeps a buffer of that many bytes; larger bodies go to a file.',
  mend: 'Use 8192 to 65536.',
  page: page('ThingsToKnow'),
  find: (view) => {
    const setting = view.last('post-buffering');
    const size = view.count('post-buffering') ?? 0;
    const slots = (view.count('processes') ?? 1) * Math.max(view.greenlets, view.count('threads') ?? 1);
    return setting && slots * size >= HALF_GIB
      ? [atValue(setting, `${slots} slots of ${size} bytes: ${Math.round((slots * size) / MIB)} MiB`)]
      : [];
  },
};
