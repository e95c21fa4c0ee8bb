import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../scripts/command.ts';
import { composeCommand } from '../../scripts/compose-project.ts';
import { startContainer } from '../support/container.ts';
import { IMAGES } from '../support/images.ts';
import { readFolder } from '../support/kubernetes.ts';
import { startNetwork } from '../support/network.ts';
import { type ComposeService, rightsOfCommand, rightsOfService } from '../support/rights.ts';

// Files of deploy/, read by the programs that they are for.

/** What Podman's generator says, and how it ends, about these files. */
async function quadlet(files: Readonly<Record<string, string>>) {
  await using network = await startNetwork();
  const mounted = Object.entries(files).map(([name, content]) => [`/units/${name}`, content]);
  await using generator = await startContainer({
    image: IMAGES.quadlet,
    network,
    aliases: ['quadlet'],
    env: { QUADLET_UNIT_DIRS: '/units' },
    command: ['-dryrun', '-no-kmsg-log'],
    files: Object.fromEntries(mounted),
  });
  const exitCode = await generator.waitForExit();
  return { exitCode, ...(await generator.output()) };
}

it('Podman makes a service of the quadlet, with the rights of compose.yaml', async () => {
  const { exitCode, stdout } = await quadlet(await readFolder('deploy/podman'));
  expect(exitCode).toBe(0);
  const [, podman = ''] = /^ExecStart=(\/usr\/bin\/podman run .*)$/m.exec(stdout) ?? [];
  const compose: { services: { relay: ComposeService } } = parse(
    await readFile('compose.yaml', 'utf8'),
  );
  expect(rightsOfCommand(podman)).toEqual(rightsOfService(compose.services.relay));
  expect(podman).toContain('--health-cmd "hikyaku health" ');
  expect(podman).toContain('--health-startup-cmd "hikyaku health --ready" ');
  expect(podman).toMatch(/-v \S+\/relay\.yaml:\S+:ro,z /);
  expect(podman).toContain('-v hikyaku-queue:/var/spool/postfix ');
});

it('Podman refuses a quadlet with a key that it does not know', async () => {
  const files = await readFolder('deploy/podman');
  const text = files['hikyaku.container'] ?? '';
  const changed = text.replace('DropCapability=', 'DropCapabilities=');
  const { exitCode, stderr } = await quadlet({ ...files, 'hikyaku.container': changed });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('DropCapabilities');
});

describe('Compose and the file for a NAS', () => {
  const file = path.resolve('deploy/nas/compose.yaml');
  const { command, args } = composeCommand(process.env['HIKYAKU_COMPOSE']);
  const config = (env: Readonly<Record<string, string>>): Promise<string> =>
    run(command, [...args, '--file', file, 'config', '--format', 'json'], {
      env: { ...process.env, ...env },
    });
  const FORM = {
    RELAY_HOST: 'mail.isp.example',
    RELAY_USERNAME: 'hoge',
    RELAY_PASSWORD: 'piyopiyo',
    RELAY_SEND_AS: 'hoge@isp.example',
  };

  it('make a relay of what a form fills in', async () => {
    const { services } = JSON.parse(await config({ ...FORM, RELAY_PORT_ON_HOST: '2525' }));
    expect(services.relay).toMatchObject({
      environment: FORM,
      ports: [{ target: 25, published: '2525' }],
    });
  });

  it('refuse a form without the provider', async () => {
    await expect(config({ ...FORM, RELAY_HOST: '' })).rejects.toMatchObject({
      output: expect.stringContaining('RELAY_HOST'),
    });
  });
});
