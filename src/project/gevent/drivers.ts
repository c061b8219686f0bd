import type { GeventSeverity } from './types.js';

/** What is known of a distribution under gevent. */
export interface Driver {
  names: readonly string[];
  severity: GeventSeverity;
  why: string;
  fix: string | null;
  /** Below this version the severity is `blocking`. */
  since?: string;
  /** A call or an import in the project's code that mends it, by its dotted name. */
  mendedBy?: string;
}

const PURE = 'its sockets are Python’s, which are patched before it is imported';
const CPU = 'it computes in C: meanwhile no other request of the process goes on';
const CPU_FIX =
  'Give such work to a worker of its own (Celery, a mule), or serve without --async and with more processes.';
const HELPER = 'its compiled part does not wait for anything';

/**
 * Distributions and how they behave under gevent with an early patch. Sources: the drivers' own documentation and
 * trackers; psycogreen's README for psycopg 3, grpc.experimental.gevent, zmq.green, cassandra.io.geventreactor.
 */
export const DRIVERS: readonly Driver[] = [
  {
    names: ['psycopg2', 'psycopg2-binary'],
    severity: 'blocking',
    why: 'libpq waits for the database in C',
    fix: 'Move to psycopg 3 (3.1.14 or newer); or add psycogreen and call psycogreen.gevent.patch_psycopg() at the start.',
    mendedBy: 'psycogreen.gevent.patch_psycopg',
  },
  {
    names: ['psycopg', 'psycopg-binary', 'psycopg-c', 'psycopg-pool'],
    severity: 'fine',
    why: 'it waits by gevent from 3.1.14 on',
    fix: 'Require psycopg >= 3.1.14.',
    since: '3.1.14',
  },
  {
    names: ['mysqlclient', 'mysql-python'],
    severity: 'blocking',
    why: 'libmysqlclient waits for the database in C',
    fix: 'Use PyMySQL: with Django pymysql.install_as_MySQLdb(), with SQLAlchemy mysql+pymysql://.',
  },
  {
    names: ['cx-oracle'],
    severity: 'blocking',
    why: 'the Oracle client waits for the database in C',
    fix: 'Use oracledb in its thin mode, and prove it with deploykit bench; or serve without --async.',
  },
  {
    names: ['oracledb'],
    severity: 'unknown',
    why: 'its thin mode uses Python’s sockets from compiled code; gevent is not documented for it',
    fix: 'Prove it with deploykit bench on a path that asks the database.',
  },
  {
    names: ['pymssql'],
    severity: 'blocking',
    why: 'FreeTDS waits for the database in C',
    fix: 'Give it a wait callback (pymssql.set_wait_callback) that calls gevent, or use python-tds.',
    mendedBy: 'pymssql.set_wait_callback',
  },
  {
    names: ['pyodbc', 'turbodbc', 'ibm-db'],
    severity: 'blocking',
    why: 'the database driver waits in C',
    fix: 'Run its calls in gevent’s thread pool (gevent.get_hub().threadpool.apply), or use a driver in Python.',
  },
  {
    names: ['grpcio'],
    severity: 'blocking',
    why: 'it has threads and waits of its own in C',
    fix: 'Call grpc.experimental.gevent.init_gevent() before the first channel; its makers advise threads instead: --threads.',
    mendedBy: 'grpc.experimental.gevent.init_gevent',
  },
  {
    names: ['pyzmq'],
    severity: 'blocking',
    why: 'libzmq waits in C',
    fix: 'Import its gevent variant: import zmq.green as zmq.',
    mendedBy: 'zmq.green',
  },
  {
    names: ['pylibmc'],
    severity: 'blocking',
    why: 'libmemcached waits in C',
    fix: 'Use pymemcache.',
  },
  {
    names: ['confluent-kafka', 'pulsar-client'],
    severity: 'blocking',
    why: 'its poll and flush wait in C',
    fix: 'Call them with a time of 0, or in gevent’s thread pool; or use a client in Python.',
  },
  {
    names: ['cassandra-driver', 'scylla-driver'],
    severity: 'risk',
    why: 'its own event loop is a thread beside gevent’s',
    fix: 'Give the cluster connection_class=cassandra.io.geventreactor.GeventConnection.',
    mendedBy: 'cassandra.io.geventreactor.GeventConnection',
  },
  {
    names: ['eventlet'],
    severity: 'blocking',
    why: 'it patches the same modules as gevent, and the two do not work in one process',
    fix: 'Remove it.',
  },
  {
    names: ['uvloop', 'nest-asyncio', 'aiohttp', 'asyncpg', 'motor', 'aiomysql', 'aioredis', 'databases'],
    severity: 'risk',
    why: 'it runs on asyncio, of which one thread has one running loop, whatever the number of greenlets',
    fix: 'Use its counterpart without asyncio, or serve without --async.',
  },
  {
    names: ['pycurl'],
    severity: 'blocking',
    why: 'libcurl waits in C',
    fix: 'Use requests or urllib3; or run it in gevent’s thread pool.',
  },
  {
    names: ['ddtrace', 'newrelic', 'elastic-apm', 'opentelemetry-sdk', 'sentry-sdk', 'scout-apm'],
    severity: 'fine',
    why: 'its background threads become greenlets: the patch comes first, and uWSGI runs with enable-threads',
    fix: null,
  },
  {
    names: [
      ...[
        'numpy',
        'scipy',
        'pandas',
        'polars',
        'pyarrow',
        'scikit-learn',
        'torch',
        'tensorflow',
        'onnxruntime',
      ],
      ...[
        'transformers',
        'opencv-python',
        'opencv-python-headless',
        'pillow',
        'matplotlib',
        'lxml',
        'weasyprint',
      ],
      ...['bcrypt', 'argon2-cffi', 'scrypt', 'numba', 'shapely', 'pymupdf', 'reportlab', 'spacy'],
    ],
    severity: 'risk',
    why: CPU,
    fix: CPU_FIX,
  },
  {
    names: [
      ...['pymysql', 'pg8000', 'python-tds', 'redis', 'pymongo', 'pymemcache', 'python-memcached', 'valkey'],
      ...['requests', 'urllib3', 'httplib2', 'httpx', 'boto3', 'botocore', 'elasticsearch', 'opensearch-py'],
      ...['kombu', 'amqp', 'pika', 'celery', 'kafka-python', 'stomp-py', 'paho-mqtt', 'ldap3', 'paramiko'],
      ...[
        'mysql-connector-python',
        'clickhouse-driver',
        'influxdb',
        'hvac',
        'stripe',
        'twilio',
        'websocket-client',
      ],
    ],
    severity: 'fine',
    why: PURE,
    fix: null,
  },
  {
    names: [
      ...[
        'markupsafe',
        'greenlet',
        'gevent',
        'zope-interface',
        'zope-event',
        'pyyaml',
        'charset-normalizer',
        'cffi',
      ],
      ...[
        'wrapt',
        'msgpack',
        'simplejson',
        'ujson',
        'orjson',
        'rapidjson',
        'regex',
        'multidict',
        'yarl',
        'frozenlist',
      ],
      ...[
        'sqlalchemy',
        'hiredis',
        'cryptography',
        'pydantic-core',
        'rpds-py',
        'psutil',
        'brotli',
        'lazy-object-proxy',
      ],
      ...[
        'falcon',
        'cython',
        'immutables',
        'ruamel-yaml-clib',
        'tornado',
        'coverage',
        'propcache',
        'pynacl',
        'ciso8601',
      ],
    ],
    severity: 'fine',
    why: HELPER,
    fix: null,
  },
];

/** Below this version gevent has no wheel that works with that Python (gevent's change log), newest Python first. */
export const GEVENT_SINCE: readonly (readonly [minor: number, since: string])[] = [
  [14, '25.8.1'],
  [13, '24.10.1'],
  [12, '23.9.0'],
  [11, '22.10.1'],
];
