import path from 'node:path';

/** Where the old deployment lay, and where the project is now. */
export interface Places {
  /** The project folder, absolute. */
  project: string;
  /** Folder of the ini, absolute. */
  ini: string;
  /** What the ini says it starts in, absolute; null when it says nothing. */
  chdir: string | null;
}

/** The folder that uWSGI would start in, as a path of this machine's project: the old root becomes the project folder. */
export function startFolder(places: Places): string {
  if (places.chdir === null) return '.';
  return within(places.project, places.chdir) ?? '.';
}

/**
 * A path of the ini, relative to the project folder with `/`; null when it lies outside. A project that lived
 * elsewhere (`chdir = /srv/shop`) is taken to be this one.
 */
export function projectPath(text: string, places: Places): string | null {
  const file = text.replace(/^%d\/?/, `${places.ini}/`);
  const start = path.join(places.project, startFolder(places));
  const absolute = path.resolve(start, file);
  const here = within(places.project, absolute);
  if (here !== null) return here;
  if (places.chdir === null) return null;
  const old = within(places.chdir, absolute);
  return old === null ? null : path.posix.normalize(path.posix.join(startFolder(places), old));
}

function within(folder: string, file: string): string | null {
  const relative = path.relative(folder, file);
  if (relative === '..' || relative.startsWith('../') || path.isAbsolute(relative)) return null;
  return relative === '' ? '.' : relative;
}
