import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startContainer, startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { Files } from './mounted-files.ts';
import type { TestNetwork } from './network.ts';
import { createVolume, type TestVolume } from './volume.ts';

const PASSWORD = 'data:base "$1" #\\';
const SECRET_FILE = '/run/secrets/database';
const SQLITE_FILE = '/data/accounts.sqlite';

/** A database with the table of accounts that is shipped, seen from a test. */
export interface DatabaseHandle extends AsyncDisposable {
  readonly container: TestContainer;
  /** The section `database` of the relay's YAML file; more keys may follow. */
  readonly yaml: string;
  /** Options of the relay's container beside the YAML file. */
  readonly files: Files;
  readonly volumes: Readonly<Record<string, TestVolume>>;
  /** Carries SQL statements out. */
  run(sql: string): Promise<void>;
}

export type Driver = 'mysql' | 'pgsql' | 'sqlite';

/** Starts a database of that kind with an empty table of accounts. */
export function startDatabase(network: TestNetwork, driver: Driver): Promise<DatabaseHandle> {
  return STARTERS[driver](network);
}

const STARTERS: Readonly<Record<Driver, (network: TestNetwork) => Promise<DatabaseHandle>>> = {
  mysql: (network) =>
    startServer(network, 'mysql', {
      image: IMAGES.mariadb,
      ready: /ready for connections/,
      client: ['mariadb', '--default-character-set=utf8mb4', 'mail', '--execute'],
      grants: `CREATE USER hikyaku@'%' IDENTIFIED BY '${PASSWORD.replaceAll('\\', '\\\\')}';
               GRANT SELECT ON mail.accounts TO hikyaku@'%';`,
    }),
  pgsql: (network) =>
    startServer(network, 'pgsql', {
      image: IMAGES.pgsql,
      ready: /ready to accept connections/,
      client: ['psql', '--quiet', '--set=ON_ERROR_STOP=1', '--dbname=mail', '--command'],
      grants: `CREATE USER hikyaku PASSWORD '${PASSWORD}'; GRANT SELECT ON accounts TO hikyaku;`,
    }),
  sqlite: startSqlite,
};

interface Server {
  readonly image: string;
  readonly ready: RegExp;
  /** A program that takes SQL as its last argument. */
  readonly client: readonly string[];
  readonly grants: string;
}

async function startServer(
  network: TestNetwork,
  driver: Driver,
  { image, ready, client, grants }: Server,
): Promise<DatabaseHandle> {
  const aliases = ['database'] as const;
  await using stack = new AsyncDisposableStack();
  const container = stack.use(await startReady({ image, network, aliases }, ready));
  const run = async (sql: string) => {
    await container.run([...client, sql]);
  };
  await run(schema(driver));
  await run(grants);
  const kept = stack.move();
  return {
    container,
    yaml: `
database:
  driver: ${driver}
  hosts: [database]
  user: hikyaku
  password_file: ${SECRET_FILE}
  name: mail
`,
    files: { [SECRET_FILE]: `${PASSWORD}\n` },
    volumes: {},
    run,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const SQLITE_CLIENT = `
  const { DatabaseSync } = require('node:sqlite');
  new DatabaseSync('${SQLITE_FILE}').exec(process.argv[1]);
`;

/** SQLite has no server: the container stands for the application that owns the file. */
async function startSqlite(network: TestNetwork): Promise<DatabaseHandle> {
  await using stack = new AsyncDisposableStack();
  const volume = stack.use(await createVolume());
  const volumes = { '/data': volume };
  const container = stack.use(
    await startContainer({
      image: IMAGES.provider,
      network,
      aliases: ['application'],
      command: ['sleep', 'infinity'],
      volumes,
    }),
  );
  const run = async (sql: string) => {
    await container.run(['node', '--eval', SQLITE_CLIENT, '--', sql]);
  };
  await run(schema('sqlite'));
  const kept = stack.move();
  return {
    container,
    yaml: `
database:
  driver: sqlite
  name: ${SQLITE_FILE}
`,
    files: {},
    volumes,
    run,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The table of accounts as users get it. */
function schema(driver: Driver): string {
  const folder = join(import.meta.dirname, '..', '..', 'examples', 'database');
  return readFileSync(join(folder, `accounts.${driver}.sql`), 'utf8');
}
