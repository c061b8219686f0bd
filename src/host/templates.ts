import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../templates/', import.meta.url);
/** Where a project keeps templates of its own, by the paths of the package's. */
const OWN = '.deploykit/templates';

/** Loads a template of the package by its path under `templates/`. */
export function loadTemplate(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, ROOT)), 'utf8');
}

/** The templates of one project. */
export interface ProjectTemplates {
  load: (name: string) => string;
  /** Relative to the project folder: its own templates that were loaded so far. */
  used: string[];
  /** Relative to the project folder: files that are no template of the package's, and so replace nothing. */
  idle: string[];
}

/**
 * The package's templates, each replaced by the project's own of the same path. Only Handlebars templates can be: the
 * scripts beside them are part of deploykit.
 */
export function projectTemplates(projectDir: string): ProjectTemplates {
  const own = path.join(projectDir, OWN);
  const names = existsSync(own) ? filesBelow(own) : [];
  const replaces = (name: string): boolean => name.endsWith('.hbs') && existsSync(new URL(name, ROOT));
  const templates: ProjectTemplates = {
    used: [],
    idle: names.filter((name) => !replaces(name)).map((name) => `${OWN}/${name}`),
    load: (name) => {
      if (!names.includes(name) || !replaces(name)) return loadTemplate(name);
      if (!templates.used.includes(`${OWN}/${name}`)) templates.used.push(`${OWN}/${name}`);
      // The file says in its own head what it came from.
      const text = readFileSync(path.join(own, name), 'utf8');
      return text.replaceAll('{{header}}', `{{header}} Template: ${OWN}/${name}`);
    },
  };
  return templates;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}
