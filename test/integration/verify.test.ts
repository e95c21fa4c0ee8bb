import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../src/docker/build.ts';
import { createProgress } from '../../src/progress.ts';
import type { Finding } from '../../src/verify/report.ts';
import { hikyakuSays, imageTag, MAIN } from '../support/builder.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';

// "hikyaku verify" passes the image, names what is wrong with a spoilt one, and leaves nothing.

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

async function verify(image: string) {
  const { code, stdout } = await hikyakuSays('verify', image, '--json');
  const { checks }: { checks: readonly Finding[] } = JSON.parse(stdout);
  return { code, failed: checks.filter(({ ok }) => !ok).map(({ check }) => check), checks };
}

/** The image with these lines behind its own Dockerfile. */
async function spoil(...lines: readonly string[]): Promise<string> {
  const { tag } = stack.use(imageTag());
  const root = await mkdtemp(path.join(tmpdir(), 'hikyaku-sabotage-'));
  await writeFile(path.join(root, 'Dockerfile'), [`FROM ${IMAGES.relay}`, ...lines, ''].join('\n'));
  const context = { root, entries: ['Dockerfile'], ignore: '' };
  const recipe = { tag, dockerfile: 'Dockerfile', context };
  await buildImage(await engine(), recipe, {}, createProgress(process.stderr));
  await rm(root, { recursive: true });
  return tag;
}

/** Loses its queue, and sends made-up addresses out. */
const FORGETFUL =
  'cd /var/spool/postfix; rm -rf deferred/* active/* incoming/*; unset RELAY_GENERIC; exec hikyaku start';

/** What the run of that process has made. */
async function madeBy(pid: number | undefined): Promise<number> {
  const docker = await engine();
  const filters = { label: [`hikyaku.test.owner`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [...containers, ...networks, ...(Volumes ?? [])].filter(
    ({ Labels }) => Labels?.['hikyaku.test.owner']?.endsWith(`/${pid}`) === true,
  ).length;
}

describe('hikyaku verify', () => {
  it('passes the image', async () => {
    expect(await verify(IMAGES.relay)).toMatchObject({ code: 0, failed: [] });
  });

  it('fails an image with open networks, no health check, no rewriting, a queue that is lost, and no stop', async () => {
    const image = await spoil(
      'ENV RELAY_NETWORKS=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      'HEALTHCHECK NONE',
      'STOPSIGNAL SIGKILL',
      `ENTRYPOINT ${JSON.stringify(['sh', '-c', FORGETFUL])}`,
    );
    const { code, failed } = await verify(image);
    expect(failed).toEqual(['health', 'rewriting', 'strangers', 'queue', 'stop']);
    expect(code).toBe(1);
  });

  it('looks no further when an image does not start, and shows its log', async () => {
    const { code, checks } = await verify(await spoil('ENV RELAY_PORT=five'));
    expect(checks).toMatchObject([
      { check: 'start', ok: false, found: expect.stringContaining('RELAY_PORT') },
    ]);
    expect(code).toBe(1);
  });

  it.each([
    [IMAGES.client, 1, 'is no relay of Hikyaku'],
    ['hikyaku-nothing:here', 71, 'there is no image "hikyaku-nothing:here" here'],
  ])('says in one sentence that %s cannot be verified', async (image, code, words) => {
    expect(await hikyakuSays('verify', image)).toMatchObject({
      ...{ code, stdout: '', stderr: expect.stringContaining(words) },
    });
  });

  it('removes everything after SIGINT, and has no verdict', async () => {
    const child = spawn(process.execPath, [MAIN, 'verify', IMAGES.relay]);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await eventually('its containers', async () => (await madeBy(child.pid)) > 3);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toBe('');
    expect(await madeBy(child.pid)).toBe(0);
  });
});
