/**
 * npm run bench: plain Postfix, ours, and whatever images are named, on this machine in this run.
 * Rounds are interleaved, medians are compared, and only ratios mean something elsewhere.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startContainer } from '../test/support/container.ts';
import { IMAGES, PEER_IMAGES } from '../test/support/images.ts';
import { startNetwork } from '../test/support/network.ts';
import {
  BARE,
  COMPANION,
  CONTESTANTS,
  type Contestant,
  FRESH,
  PLAIN,
  PUBLIC,
  parseContestant,
} from './contestants.ts';
import { measureMemory, measureParts, measureSize } from './footprint.ts';
import { interleave, valuesOf } from './rounds.ts';
import { measureStart } from './start.ts';
import { median, short } from './statistics.ts';
import { type Row, tables } from './tables.ts';
import { type Load, measureThroughput } from './throughput.ts';
import { SPOOL, waitingQueue } from './waiting-queue.ts';

const { values: options } = parseArgs({
  options: {
    contestant: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true, default: [] },
    load: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});

const LOADS: readonly Load[] = [
  { name: '500 messages, provider on this machine', messages: 500, roundTripMs: 0 },
  { name: '500 messages, provider 50 ms away', messages: 500, roundTripMs: 50 },
  {
    name: '500 messages, 50 ms away, 2 connections',
    messages: 500,
    roundTripMs: 50,
    connections: 2,
  },
  { name: '5000 messages, provider on this machine', messages: 5000, roundTripMs: 0 },
  {
    name: '20000 messages, provider on this machine',
    messages: 20_000,
    roundTripMs: 0,
    oursOnly: true,
  },
];

/** How many messages wait where a restart is measured. */
const WAITING = 50_000;

const rows: Row[] = [];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A line of the results; with --json they stand on standard output at the end. */
const show = (line: string): void => {
  if (options.json) say(line);
  else process.stdout.write(`${line}\n`);
};
const wanted = (part: string): boolean => options.only.length === 0 || options.only.includes(part);

/** --load TEXT: only loads with that text in their name. */
const loadWanted = ({ name }: Load): boolean =>
  wanted('throughput') &&
  (options.load.length === 0 || options.load.some((text) => name.includes(text)));

const ratio = ({ values }: Row, name: string): string => {
  const plain = values[PLAIN.name];
  const own = values[name];
  return plain === undefined || own === undefined ? '' : short(median(own) / median(plain));
};

function print(row: Row): void {
  rows.push(row);
  show(`\n${row.what} (${row.unit})`);
  for (const [name, values] of Object.entries(row.values)) {
    const all = values.map(short).join(' ');
    show(
      `  ${name.padEnd(12)} median ${short(median(values)).padStart(8)}  x${ratio(row, name)} of plain   [${all}]`,
    );
  }
}

async function certificateAuthority(): Promise<string> {
  await using network = await startNetwork();
  await using peer = await startContainer({
    image: PEER_IMAGES.postfix,
    network,
    aliases: ['ca'],
    command: ['sleep', '60'],
  });
  return await peer.run(['cat', '/authority/ca.pem']);
}

/** The configuration that ours would write, for the bare start to begin with. */
async function renderedFiles(directory: string): Promise<void> {
  await using network = await startNetwork();
  await using relay = await startContainer({
    image: IMAGES.relay,
    network,
    aliases: ['render'],
    hostname: 'relay.example',
    command: ['render', '--json'],
  });
  await relay.waitForExit();
  const files: { path: string; content: string }[] = JSON.parse((await relay.output()).stdout);
  for (const { path, content } of files) {
    await writeFile(join(directory, path.replace('/etc/postfix/', '')), content);
  }
}

/** Starts with a full queue, each contestant on one that its own image left behind. */
async function measureRestart(
  contestants: readonly Contestant[],
  rounds: number,
  ca: string,
  binds: readonly string[],
): Promise<Row> {
  await using queues = new AsyncDisposableStack();
  const filled = new Map<Contestant, string>();
  for (const one of contestants) {
    say(`filling the queue of ${one.name} with ${WAITING} messages`);
    filled.set(one, queues.use(await waitingQueue(one, ca, WAITING)).name);
  }
  const restart = await interleave(contestants, rounds, (one) =>
    measureStart(one, [...binds, `${filled.get(one)}:${SPOOL}`]),
  );
  return {
    what: `Start to the 220 banner, ${WAITING} messages waiting`,
    unit: 'ms',
    values: valuesOf(restart, 'bannerMs'),
  };
}

const rounds = Number(options.rounds);
const contestants = [
  ...CONTESTANTS,
  ...(await Promise.all(options.contestant.map(parseContestant))),
];
const folder = await mkdtemp(join(tmpdir(), 'hikyaku-bench-'));
try {
  const ca = await certificateAuthority();
  await writeFile(join(folder, 'ca.pem'), ca);
  await renderedFiles(folder);
  const binds = [`${join(folder, 'ca.pem')}:/certs/ca.pem:ro`, `${folder}:/bench:ro`];

  if (wanted('size')) {
    const size = await interleave(contestants, 1, measureSize);
    print({ what: 'Image on disk', unit: 'MB', values: valuesOf(size, 'diskMB') });
    print({ what: 'Image compressed', unit: 'MB', values: valuesOf(size, 'compressedMB') });
  }
  if (wanted('start')) {
    const all = [...contestants, PUBLIC, FRESH, BARE];
    const start = await interleave(all, rounds * 2, (one) => measureStart(one, binds));
    print({ what: 'Start to the 220 banner', unit: 'ms', values: valuesOf(start, 'bannerMs') });
  }
  if (wanted('restart')) print(await measureRestart(contestants, rounds, ca, binds));
  if (wanted('memory')) {
    const memory = await interleave(contestants, Math.min(rounds, 3), async (one) => ({
      memory: await measureMemory(one, ca),
    }));
    print({ what: 'Memory at rest', unit: 'MB', values: valuesOf(memory, 'memory') });
    const parts = await measureParts(COMPANION, ca);
    for (const [kind, field] of [
      ['RSS', 'rssMB'],
      ['PSS', 'pssMB'],
    ] as const) {
      const values = Object.fromEntries(parts.map((one) => [one.name, [one[field]]]));
      print({ what: `Memory of each part: ${kind}`, unit: 'MB', values });
    }
  }
  for (const load of LOADS.filter(loadWanted)) {
    const turns = load.messages > 1000 ? 1 : Math.min(rounds, 3);
    const those = contestants.filter(({ name }) => load.oursOnly !== true || name !== PLAIN.name);
    const results = await interleave(those, turns, (one) => measureThroughput(one, load));
    const values = valuesOf(results, 'messagesPerSecond');
    print({ what: load.name, unit: 'messages/s', values });
    const logins = valuesOf(results, 'logins');
    print({ what: `${load.name}: logins`, unit: 'logins', values: logins });
  }
  show(`\nThe tables of docs/performance.md:\n\n${tables(rows)}`);
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
