import { randomInt } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawSchedule } from '../support/chaos.ts';
import { eventually } from '../support/eventually.ts';
import type { TestNetwork } from '../support/network.ts';
import type { FaultRule } from '../support/provider/api.ts';
import { seededRandom } from '../support/provider/random.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type SentBatch, sendMany } from '../support/sender.ts';
import {
  enterSwarm,
  kill,
  queueOf,
  queueVolumeOf,
  runIn,
  Stack,
  type Task,
} from '../support/swarm.ts';

// deploy/swarm/stack.yaml as it is, in a swarm of one machine. Clients send to the service's name
// while a replica is killed and then all of them are replaced, one after the other.
//
//   SWARM_MESSAGES  at least so many are accepted; `npm run test:swarm` has more
//   SWARM_SEED      chooses the victim, its last moment, and what the provider does. Printed.

const MANY = process.env['SWARM_MESSAGES'];
const MESSAGES = Number(MANY ?? 300);
const SEED = Number(process.env['SWARM_SEED'] ?? (MANY === undefined ? 1 : randomInt(2 ** 31)));

const NAME = 'hikyaku-test-swarm';
const REPLICAS = 2;
const CLIENTS = 3;
/** Of each client in one go. */
const ROUND = Math.ceil(MESSAGES / 30);
const PATIENCE = { timeoutMs: 180_000 + 100 * MESSAGES, everyMs: 200 };

const settings = (messageSize: string): string =>
  JSON.stringify({
    relay: {
      host: 'mail.isp.example',
      username: 'hoge',
      password_file: '/run/secrets/relay_password',
      tls: 'encrypt',
    },
    networks: ['attached'],
    message_size: messageSize,
    // What takes minutes in real life takes seconds here.
    postfix: {
      queue_run_delay: '2s',
      minimal_backoff_time: '2s',
      maximal_backoff_time: '4s',
      smtp_connect_timeout: '2s',
      smtp_helo_timeout: '2s',
      smtp_mail_timeout: '2s',
      smtp_rcpt_timeout: '2s',
      smtp_data_init_timeout: '2s',
      smtp_data_xfer_timeout: '2s',
      smtp_data_done_timeout: '2s',
    },
  });

const resources = new AsyncDisposableStack();
let directory: string;
let stack: Stack;
let network: TestNetwork;
let provider: ProviderHandle;

const deployment = (version: number) => ({
  STACK: NAME,
  HIKYAKU_IMAGE: 'hikyaku:dev',
  RELAY_YAML_VERSION: String(version),
});

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), `${NAME}-`));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const original = path.join(import.meta.dirname, '../../deploy/swarm/stack.yaml');
  await copyFile(original, path.join(directory, 'stack.yaml'));
  await mkdir(path.join(directory, 'secrets'), { mode: 0o700 });
  await writeFile(path.join(directory, 'secrets', 'relay_password'), 'piyopiyo', { mode: 0o600 });
  await writeFile(path.join(directory, 'relay.yaml'), settings('10MB'));

  resources.use(await enterSwarm());
  stack = resources.use(
    await Stack.deploy(NAME, path.join(directory, 'stack.yaml'), deployment(1)),
  );
  network = await stack.network();
  const isp = { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } } as const;
  provider = resources.use(await startProvider(network, isp));
});
afterAll(() => resources.disposeAsync());

/** Clients that send, round after round, and remember what they were told. */
class Crowd {
  readonly told = { accepted: [], refused: [], lost: [] } as {
    readonly [outcome in keyof SentBatch]: SentBatch[outcome][number][];
  };

  /** One round; a message that is not accepted is followed by another. */
  async send(): Promise<void> {
    const batch = { count: ROUND, attempts: 100 * ROUND, deadline_ms: PATIENCE.timeoutMs };
    const batches = await Promise.all(
      Array.from({ length: CLIENTS }, () => sendMany(network, 'relay', batch)),
    );
    for (const { accepted, refused, lost } of batches) {
      this.told.accepted.push(...accepted);
      this.told.refused.push(...refused);
      this.told.lost.push(...lost);
    }
  }

  /** Rounds while something goes on, and until so many messages are accepted. */
  async sendDuring<T>(event: Promise<T>, atLeast: number): Promise<T> {
    let isOver = false;
    const end = event.finally(() => {
      isOver = true;
    });
    const rounds = async (): Promise<void> => {
      while (!isOver || this.told.accepted.length < atLeast) await this.send();
    };
    const [result] = await Promise.all([end, rounds()]);
    return result;
  }
}

const idsOf = async (task: Task): Promise<string[]> =>
  (await queueOf(task)).map(({ queue_id }) => queue_id);

/** Kills a replica that holds mail; its successor has to find that mail in its queue. */
async function killOne(random: () => number): Promise<void> {
  const tasks = await stack.waitForTasks(REPLICAS);
  const victim = tasks[Math.floor(random() * tasks.length)];
  if (victim === undefined) throw new Error('no replica to kill');
  const enough = 10 + Math.floor(random() * (MESSAGES / 10));
  const waiting = await eventually(
    `${enough} messages that wait at replica ${victim.slot}`,
    async () => {
      const ids = await idsOf(victim);
      return ids.length >= enough && ids;
    },
    PATIENCE,
  );
  const volume = await queueVolumeOf(victim);
  await kill(victim);

  const successor = await eventually(
    `the successor of replica ${victim.slot}`,
    async () =>
      (await stack.tasks()).find(({ slot, id }) => slot === victim.slot && id !== victim.id),
    PATIENCE,
  );
  expect(await queueVolumeOf(successor)).toBe(volume);
  expect(new Set(waiting).difference(new Set(await idsOf(successor)))).toEqual(new Set());
  console.log(`replica ${victim.slot} was killed with ${waiting.length} messages in its queue`);
}

/** Gives all replicas another configuration, and waits until the swarm is done with that. */
async function updateAll(version: number, messageSize: string): Promise<string> {
  await writeFile(path.join(directory, 'relay.yaml'), settings(messageSize));
  const before = (await stack.lastUpdate()).startedAt;
  await stack.update(path.join(directory, 'stack.yaml'), deployment(version));
  return await eventually(
    'the end of the update',
    async () => {
      const { state, startedAt } = await stack.lastUpdate();
      return startedAt !== before && /completed|paused/.test(state) && state;
    },
    PATIENCE,
  );
}

/** Tries everything that waits, until all of this has arrived and no replica holds any more. */
async function deliver(accepted: readonly string[], tasks: readonly Task[]): Promise<string[]> {
  return await eventually(
    'every accepted message at the provider',
    async () => {
      await Promise.all(tasks.map((task) => runIn(task, 'postqueue', '-f')));
      const there = await provider.testIds();
      const queues = await Promise.all(tasks.map(queueOf));
      return (
        queues.every((queue) => queue.length === 0) &&
        new Set(accepted).isSubsetOf(new Set(there)) &&
        there
      );
    },
    PATIENCE,
  );
}

/** The first faults of the schedule that this seed gives; see support/chaos.ts. */
const faultsOf = (seed: number): readonly FaultRule[] =>
  drawSchedule(seed, 10_000, 100).flatMap(({ mishap }) =>
    mishap.kind === 'provider' ? [mishap.rules] : [],
  )[0] ?? [];

it(
  'nothing accepted is lost while a replica is killed and the service is updated, and each queue is taken up again',
  async () => {
    console.log(`SWARM_SEED=${SEED} SWARM_MESSAGES=${MESSAGES}`);
    const random = seededRandom(SEED);
    const before = await stack.waitForTasks(REPLICAS);
    const crowd = new Crowd();

    await provider.setAway(true);
    await crowd.sendDuring(killOne(random), MESSAGES / 2);
    await provider.setFaults(...faultsOf(SEED));
    await provider.setAway(false);
    expect(await crowd.sendDuring(updateAll(2, '20MB'), MESSAGES)).toBe('completed');
    await provider.setFaults();

    const after = await stack.waitForTasks(REPLICAS);
    expect(await Promise.all(after.map(queueVolumeOf))).toEqual(
      after.map(({ slot }) => `${NAME}_relay-queue-${slot}`),
    );
    expect(
      new Set(after.map(({ id }) => id)).isDisjointFrom(new Set(before.map(({ id }) => id))),
    ).toBe(true);
    for (const task of after) {
      expect(await runIn(task, 'postconf', '-h', 'message_size_limit')).toBe('20971520\n');
    }
    const { accepted, refused, lost } = crowd.told;
    const there = await deliver(accepted, after);
    const unique = new Set(there);
    console.log(
      `seed ${SEED}: ${accepted.length} messages accepted, ${refused.length} refused, ` +
        `${lost.length} without an answer; ${unique.size} delivered, and ` +
        `${there.length - unique.size} second copies`,
    );
    expect(new Set(accepted).difference(unique)).toEqual(new Set());
    expect(accepted.length).toBeGreaterThanOrEqual(MESSAGES);
    // What was refused is the client's to send again: it must not be delivered as well.
    expect(refused.filter(({ id }) => unique.has(id))).toEqual([]);
  },
  3 * PATIENCE.timeoutMs,
);

it(
  'settings that are refused end with the first replica: the swarm goes back to those before',
  async () => {
    const before = await stack.waitForTasks(REPLICAS);
    expect(await updateAll(3, 'large')).toBe('rollback_completed');
    const after = await stack.waitForTasks(REPLICAS);
    // One of them was never touched.
    expect(
      new Set(before.map(({ id }) => id)).intersection(new Set(after.map(({ id }) => id))).size,
    ).toBe(REPLICAS - 1);
    for (const task of after) {
      expect(await runIn(task, 'postconf', '-h', 'message_size_limit')).toBe('20971520\n');
    }
  },
  3 * PATIENCE.timeoutMs,
);
