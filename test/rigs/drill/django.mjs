import { startPostgres } from './postgres.mjs';

const PASSWORD = 'a password of the drill: "quoted" $HOME %20';
const MIGRATE = 'python manage.py migrate --noinput';
// Every so many releases the table gets a column more, while the releases before it write to the table.
const MIGRATION_EVERY = 5;

const MANAGE = `import os
import sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
`;

// As many connections as a worker has greenlets: no request waits for one. Without LOGGING Django keeps tracebacks to
// itself in production.
const SETTINGS = `import os
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["visits"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"]},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "drill",
        "USER": "drill",
        "PASSWORD": os.environ["DATABASE_PASSWORD"],
        "HOST": os.environ["DATABASE_HOST"],
        "PORT": os.environ["DATABASE_PORT"],
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 50}},
    }
}
`;

const WSGI = `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
`;

const URLS = `from django.urls import path
from visits.views import visit
urlpatterns = [path("", visit)]
`;

const model = (columns) => `from django.db import models

class Visit(models.Model):
    path = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
${columns.map((name) => `    ${name} = models.TextField(null=True)\n`).join('')}`;

// Writes a row, waits as for another service, reads it.
const view = (version, sleep) => `import time
from django.http import HttpResponse
from visits.models import Visit

def visit(request):
    made = Visit.objects.create(path=request.path)
    time.sleep(${sleep})
    found = Visit.objects.get(pk=made.pk)
    return HttpResponse("${version} %s\\n" % found.path)
`;

const INITIAL = `from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
`;

const migration = (after, operation) => `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("visits", "${after}")]
    operations = [${operation}]
`;

/** A version of the project; with it come the migrations of those before. */
function release(version, sleep) {
  const columns = Array.from({ length: Math.floor(version / MIGRATION_EVERY) }, (_, i) => `note_${i + 1}`);
  const names = ['0001_initial', ...columns.map((name, i) => `000${i + 2}_${name}`)];
  const added = columns.map((name, i) => [
    `visits/migrations/${names[i + 1]}.py`,
    migration(names[i], `migrations.AddField("visit", "${name}", models.TextField(null=True))`),
  ]);
  return {
    'visits/models.py': model(columns),
    'visits/views.py': view(version, sleep),
    'shop/wsgi.py': WSGI,
    ...Object.fromEntries(added),
  };
}

const BASE = {
  'manage.py': MANAGE,
  'requirements.txt': 'django>=5.2,<5.3\npsycopg[binary,pool]>=3.2\n',
  'shop/__init__.py': '',
  'shop/settings.py': SETTINGS,
  'shop/urls.py': URLS,
  'visits/__init__.py': '',
  'visits/migrations/__init__.py': '',
  'visits/migrations/0001_initial.py': INITIAL,
};

/** What each kind of broken release has in place of files of the last good one, and what the error must say. */
const broken = (good, sleep) => [
  {
    kind: 'import error',
    files: { ...good, 'shop/wsgi.py': `import nowhere_to_be_found\n${WSGI}` },
    says: /nowhere_to_be_found/,
  },
  {
    kind: 'never healthy',
    files: {
      ...good,
      'visits/views.py': view('x', sleep).replace('made =', 'raise ValueError("sick")\n    made ='),
    },
    says: /ValueError: sick/,
  },
  {
    kind: 'crash after 2 s',
    files: {
      ...good,
      'shop/wsgi.py': `${WSGI}\nimport threading\nthreading.Timer(2, os._exit, [3]).start()\n`,
    },
    says: /ended right after|did not start/,
  },
  {
    kind: 'wrong callable',
    files: { ...good, 'shop/wsgi.py': WSGI.replace('application =', 'app =') },
    says: /no callable "application"/,
  },
  {
    kind: 'failing migration',
    files: {
      ...good,
      'visits/migrations/0099_bad.py': migration(
        '0001_initial',
        'migrations.RunSQL("ALTER TABLE nowhere ADD COLUMN note text")',
      ),
    },
    says: /relation "nowhere" does not exist/,
  },
];

/** Django with a PostgreSQL of its own, which the containers reach by its socket. */
export async function django(sleep = 0.1) {
  const database = await startPostgres(PASSWORD);
  const socket = '/run/postgresql';
  return {
    name: 'django',
    toml: {
      app: `module = "shop.wsgi:application"
secrets = ["DATABASE_PASSWORD", "SECRET_KEY"]
[app.env]
DATABASE_HOST = "${socket}"
DATABASE_PORT = "${database.port}"`,
      target: `volumes = ["${database.sockets}:${socket}"]`,
    },
    command: MIGRATE,
    env: { DATABASE_PASSWORD: PASSWORD, SECRET_KEY: 'of the drill' },
    recycleRate: 50,
    base: BASE,
    release: (version) => release(version, sleep),
    broken: broken(release(0, sleep), sleep),
    /** The row of every answer is there. @throws Error when one is missing. */
    async check(answers) {
      const rows = Number(database.query('SELECT count(*) FROM visits_visit'));
      process.stderr.write(`${answers} answers, ${rows} rows\n`);
      if (rows < answers) throw new Error(`${answers} answers, but ${rows} rows in the database`);
    },
    stop: () => database.stop(),
  };
}
