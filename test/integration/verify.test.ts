import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../src/docker/build.ts';
import type { Finding } from '../../src/verify/report.ts';
import { MAIN } from '../support/builder.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';

// "hikyaku verify" passes the image, names what is wrong with a spoilt one, and leaves nothing.

interface Report {
  readonly code: number;
  readonly checks: readonly Finding[];
}

function verify(image: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, 'verify', image, '--json'], (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve({ code, checks: JSON.parse(stdout).checks });
    });
  });
}

const failed = ({ checks }: Report): string[] =>
  checks.filter(({ ok }) => !ok).map(({ check }) => check);

/** What starts in the place of the relay's own program. */
const starts = (script: string): string =>
  `ENTRYPOINT ${JSON.stringify(['sh', '-c', script])}\nCMD []`;

const SHELL = [
  'cat /given/password',
  '(until chmod 644 /etc/postfix/sasl_passwd; do sleep 0.2; done 2>&-) &\nhikyaku start',
  'exit $?',
].join('\n');

const FORGETFUL = [
  'cd /var/spool/postfix',
  'rm -rf deferred/* active/* incoming/*',
  'unset RELAY_GENERIC',
  'exec hikyaku start',
].join('\n');

/** Puts a program into the place of another, which it finds under a new name. */
function inFront(program: string, moved: string, script: string): string {
  const text = Buffer.from(`#!/bin/sh\n${script}\n`).toString('base64');
  return `RUN mkdir -p ${path.dirname(moved)} && mv ${program} ${moved} && echo ${text} | base64 -d > ${program} && chmod 755 ${program}`;
}

const MASTER = '/usr/lib/postfix/sbin/master';
/** Looks like the other to all that ask for its name. */
const REAL_MASTER = '/usr/lib/moved/postfix/sbin/master';

/** Changes what hikyaku wrote, when hikyaku is done. */
const MEDDLING = [
  // Whether another relay is at work on the queue.
  `if [ "$1" = -t ]; then exec ${REAL_MASTER} "$@"; fi`,
  'cd /etc/postfix',
  "sed -i 's/:587/:25/; /^virtual_alias_maps/d' main.cf",
  "sed -i 's/:587/:25/' sasl_passwd && postmap lmdb:sasl_passwd",
  'cat >> main.cf << END',
  'mynetworks = $(postconf -h mynetworks) 10.0.0.0/8',
  'header_checks = regexp:{{/^(Subject|Message-ID|Date):/ IGNORE}}',
  'body_checks = regexp:{{/./ IGNORE}}',
  'maillog_file = /var/lib/postfix/log',
  'soft_bounce = yes',
  'END',
  `exec ${REAL_MASTER} "$@"`,
].join('\n');

/** A program of somebody else's, without root's rights, that waits for who comes. */
const GUEST =
  'process.setgid(101); process.setuid(101); require("node:net").createServer().listen(8080)';

/** Has one file of settings, whatever was mounted, keeps the password, and has a guest. */
const STUBBORN = [
  `node -e '${GUEST}' &`,
  'unset TZ',
  'export RELAY_CONFIG="myhostname: relay.home.example"',
  'printf %s "$RELAY_PASSWORD" > /tmp/kept',
  'exec hikyaku start',
].join('\n');
const TALKATIVE = `export RELAY_PASSWORD="$(cat /tmp/kept)"\nexec ${REAL_MASTER} "$@"`;
const MUTE = [
  'case "$1" in doctor|reload|test|trace) exit 0 ;; esac',
  'exec /usr/local/bin/real-hikyaku "$@"',
].join('\n');

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
/** What is wrong before anything runs. */
const LEFT_INSIDE = [
  'RUN echo "mail.isp.example me:piyopiyo" > /etc/postfix/sasl_passwd',
  'VOLUME /etc/postfix',
  'RUN chmod u+s /usr/bin/dash',
  `RUN head -c 9999 ${BUNDLE} > /few && cat /few > ${BUNDLE}`,
];

/** Several faults in one image: starting one takes longer than finding its faults. */
const SABOTAGES: readonly [what: string, lines: readonly string[], checks: readonly string[]][] = [
  [
    'a shell as process 1, the password in the log and in a file for all, a copy to a third, and no health check',
    [starts(SHELL), 'HEALTHCHECK NONE', 'ENV POSTFIX_always_bcc=spy@third.example'],
    ['health check', 'process 1', 'secrets', 'secret files', 'every mail'],
  ],
  [
    'certificates unseen, open networks, addresses as they are, a queue that is lost, and no stop',
    [
      'ENV RELAY_TLS=encrypt RELAY_NETWORKS=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      'STOPSIGNAL SIGWINCH',
      starts(FORGETFUL),
    ],
    [
      ...['provider with unknown CA', 'provider with wrong name'],
      ...['strangers', 'rewriting', 'crash', 'stop'],
    ],
  ],
  [
    'a relay.yaml of its own, the password in process 1, a trusted gateway, verbs that do nothing, a health check that asks nothing, one more port, program and volume, a password, a set-user-ID shell and few authorities inside',
    [
      ...LEFT_INSIDE,
      inFront(MASTER, REAL_MASTER, TALKATIVE),
      inFront('/usr/local/bin/hikyaku', '/usr/local/bin/real-hikyaku', MUTE),
      starts(STUBBORN),
      'ENV RELAY_TRUST_GATEWAY=yes',
      'HEALTHCHECK CMD ["grep", "-q", "master", "/proc/1/comm"]',
      'EXPOSE 8080',
    ],
    [
      ...['ports', 'volume', 'health check', 'secrets inside', 'files', 'authorities'],
      ...['time zone', 'relay.yaml', 'secrets', 'programs', 'listening', 'provider away'],
      ...['may send', 'doctor', 'verbs', 'reload'],
    ],
  ],
];

/** Another queue, everywhere in Postfix and in the program (whose compiled form is taken away). */
const ELSEWHERE = '/var/spool/postfiy';
const MOVED = [
  `RUN cp -a /var/spool/postfix ${ELSEWHERE} \\`,
  ' && for f in $(grep -rlsF /var/spool/postfix /usr/lib/postfix /usr/sbin /usr/share/hikyaku); do \\',
  `      LC_ALL=C sed -i 's#/var/spool/postfix#${ELSEWHERE}#g' "$f"; done \\`,
  ' && : > /usr/share/hikyaku/program.compiled',
  `VOLUME ${ELSEWHERE}`,
];

/** A relay that is left alone with a program of root's, and answers no question. */
const SILENT = [
  '[ "$1" = start ] || { echo "only start" >&2; exit 64; }',
  'sleep 600 &',
  'exec /usr/local/bin/only-starts start',
].join('\n');
const SILENCED = [
  inFront('/usr/local/bin/hikyaku', '/usr/local/bin/only-starts', SILENT),
  `HEALTHCHECK CMD ["test", "-S", "${ELSEWHERE}/public/qmgr"]`,
];

const tags: string[] = [];
afterAll(async () => {
  const docker = await engine();
  for (const tag of tags) await docker.getImage(tag).remove({ force: true });
});

async function spoil(lines: string): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'hikyaku-sabotage-'));
  const tag = `hikyaku-sabotage:${process.pid}-${tags.length}`;
  tags.push(tag);
  await writeFile(path.join(root, 'Dockerfile'), `FROM ${IMAGES.relay}\n${lines}\n`);
  const context = { root, entries: ['Dockerfile'], ignore: '' };
  await buildImage(await engine(), { tag, dockerfile: 'Dockerfile', context }, {});
  await rm(root, { recursive: true });
  return tag;
}

/** A run that is broken off. */
function startVerify() {
  const child = spawn(process.execPath, [MAIN, 'verify', IMAGES.relay]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

/** What runs of that process have made. */
async function madeBy(pid: number | undefined): Promise<number> {
  const docker = await engine();
  const filters = { label: ['hikyaku.scratch.owner'] };
  const isOurs = (labels: Readonly<Record<string, string>> | undefined): boolean =>
    labels?.['hikyaku.scratch.owner']?.endsWith(`/${pid}`) === true;
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [
    ...containers.map(({ Labels }) => Labels),
    ...networks.map(({ Labels }) => Labels),
    ...(Volumes ?? []).map(({ Labels }) => Labels),
  ].filter(isOurs).length;
}

describe('hikyaku verify', () => {
  it('passes the image', async () => {
    const report = await verify(IMAGES.relay);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.checks.length).toBeGreaterThan(30);
    expect(report.code).toBe(0);
  });

  it.each(SABOTAGES)('fails an image with %s', async (_what, lines, checks) => {
    const report = await verify(await spoil(lines.join('\n')));
    expect(failed(report)).toEqual(expect.arrayContaining([...checks]));
    expect(report.code).toBe(1);
  });

  it('says how an image fails that has a program of root, a queue beside the volume, no verb but start', async () => {
    const report = await verify(await spoil([...MOVED, ...SILENCED].join('\n')));
    const found = report.checks.filter(({ ok }) => !ok).map((one) => [one.check, one.found]);
    expect(Object.fromEntries(found)).toEqual({
      'health check': expect.stringContaining(`test -S ${ELSEWHERE}/public/qmgr`),
      files: expect.stringMatching(/^\/usr\/(sbin|lib)\/\S* is another, /),
      volume: `/var/spool/postfix ${ELSEWHERE}`,
      programs: '/usr/bin/sleep',
      'every mail': expect.stringMatching(/; not so: after-the-reload@example\.com \(as me\)$/),
      'provider away': expect.stringMatching(/^doctor finds nothing: exit code 64, queue without /),
      doctor: 'no report: "only start"',
      reload: expect.stringMatching(
        /^exit code 64 with relay\.port: five, exit code 64, only start, /,
      ),
      // The program of root's was started with the variables of the container.
      secrets: 'an environment, or arguments',
      users: expect.stringMatching(/as root: (master, sleep|sleep, master)$/),
      queue: expect.stringContaining('a new container with that volume would not have it'),
      verbs: expect.stringMatching(/^hikyaku health: exit code 64, only start; hikyaku render: /),
    });
    expect(report.code).toBe(1);
  });

  it('says how an image fails that changes what is in force: port, clients, recipients, notices, fields and body of mail, the log', async () => {
    const report = await verify(await spoil(inFront(MASTER, REAL_MASTER, MEDDLING)));
    const found = report.checks.filter(({ ok }) => !ok).map((one) => [one.check, one.found]);
    expect(Object.fromEntries(found)).toMatchObject({
      delivery: 'on port 25',
      'may send': '10.0.0.0/8 too',
      message: expect.stringMatching(/^without "Subject: .*another body: /),
      'relay.yaml': expect.stringMatching(/^second@isp\.example: no mail at the provider/),
      'returned mail': 'no notice',
      log: 'no line with status=sent',
      doctor: expect.stringMatching(/^configuration: .* not in force yet: main\.cf/),
    });
    expect(report.code).toBe(1);
  });

  it('says once that an image is none of a relay, and looks no further', async () => {
    const fault = await verify(IMAGES.client).catch((error: Error) => error);
    expect(fault).toMatchObject({
      message: expect.stringMatching(
        /^hikyaku: the image "hikyaku-test\/client:dev" is no relay of Hikyaku, nor made from one: .*\n$/,
      ),
      cause: { code: 1 },
    });
  });

  it('says in one sentence that there is no such image', async () => {
    await expect(verify('hikyaku-nothing:here')).rejects.toThrow(
      'there is no image "hikyaku-nothing:here" here',
    );
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'removes everything after %s, and has no verdict',
    async (signal) => {
      const run = startVerify();
      await eventually('containers', async () => (await madeBy(run.child.pid)) > 6);
      run.child.kill(signal);
      expect(await run.ended).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(run.said()).toBe('hikyaku: removing what was started …\n');
      expect(await madeBy(run.child.pid)).toBe(0);
    },
  );

  it('goes on removing after a second SIGINT', async () => {
    const run = startVerify();
    await eventually('containers', async () => (await madeBy(run.child.pid)) > 6);
    // Two that come at once count as one.
    await eventually('the second one', () => {
      run.child.kill('SIGINT');
      return run.said().includes('still removing');
    });
    expect(await run.ended).toBe(130);
    expect(run.said().split('\n')).toEqual([
      'hikyaku: removing what was started …',
      'hikyaku: still removing; once more, and the next "hikyaku verify" removes what is left',
      '',
    ]);
    expect(await madeBy(run.child.pid)).toBe(0);
  });
});
