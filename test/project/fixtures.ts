import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { DeploykitError } from '../../src/errors.js';

type Files = Record<string, string | Uint8Array>;

/** A folder with these files, removed after the test. Its own name is `name`. */
export async function project(files: Files, name = 'shop'): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'deploykit-project-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const dir = path.join(root, name);
  await mkdir(dir);
  for (const [file, contents] of Object.entries(files)) {
    const target = path.join(dir, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
  return dir;
}

/** The DeploykitError an action ends with. */
export async function failure(action: () => unknown): Promise<DeploykitError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof DeploykitError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** The tutorial's project. */
export const TUTORIAL: Files = {
  's1.py': `import time
from flask import Flask
app = Flask(__name__)
@app.route("/")
def hello():
    time.sleep(1)
    return "hello\\n"
`,
  'requirements.txt': 'flask\n',
};

/** What \`django-admin startproject mysite\` (Django 5.2) writes, shortened. */
export const DJANGO: Files = {
  'manage.py': `#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)


if __name__ == '__main__':
    main()
`,
  'mysite/__init__.py': '',
  'mysite/settings.py': `from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
ALLOWED_HOSTS = []
ROOT_URLCONF = 'mysite.urls'
WSGI_APPLICATION = 'mysite.wsgi.application'
`,
  'mysite/wsgi.py': `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')

application = get_wsgi_application()
`,
  'mysite/asgi.py': `import os

from django.core.asgi import get_asgi_application

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')

application = get_asgi_application()
`,
  'mysite/urls.py': 'urlpatterns = []\n',
};
