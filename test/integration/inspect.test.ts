import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/inspection/inspection.ts';
import { hikyaku } from '../support/builder.ts';
import { engine } from '../support/engine.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';

// What `inspect` reads out of an image is what the programs in it say of themselves.

describe('the image of the relay', () => {
  it('is what inspect tells of it', async () => {
    const seen: Inspection = JSON.parse(await hikyaku('inspect', IMAGES.relay, '--json'));
    await using network = await startNetwork();
    await using relay = await startRelay(network);
    const postfix = (await relay.run(['postconf', '-dh', 'mail_version'])).trim();
    expect(seen.postfix?.startsWith(postfix)).toBe(true);
    expect((await relay.run(['node', '--version'])).trim()).toBe(`v${seen.node}`);
    expect(seen.modules.map(({ name }) => name)).toContain('yaml');
    expect(seen.settings).toEqual({ variables: [], file: null });
    expect(seen.image.layers).toHaveLength(1);
    expect(seen.image.layers[0]?.bytes).toBeGreaterThan(0);
  });

  it('is what other images are not: they are looked into as well', async () => {
    const said = await hikyaku('inspect', IMAGES.client);
    expect(said).toContain('\nno relay of Hikyaku, nor made from one\n');
    expect(said).toContain('Node.js unknown (only relays tell)');
  });

  it('leaves no container behind, and is the same as itself', async () => {
    const docker = await engine();
    const unstarted = async (): Promise<string[]> =>
      (await docker.listContainers({ all: true, filters: { status: ['created'] } }))
        .filter(({ Command }) => Command === 'hikyaku true')
        .map(({ Id }) => Id);
    const before = await unstarted();
    const said = await hikyaku('inspect', IMAGES.relay, '--compare', IMAGES.relay);
    expect(said).toContain('have the same content');
    expect((await unstarted()).filter((id) => !before.includes(id))).toEqual([]);
  });

  it('has nothing in it that differs from one build to the next', async () => {
    const { Created } = await (await engine()).getImage(IMAGES.relay).inspect();
    const lately = new Date(Date.parse(Created) - 3 * 3_600_000).toISOString();
    await using network = await startNetwork();
    await using relay = await startRelay(network, { lockedDown: false });
    // Files of the kinds that differed when two builds were compared.
    const strays = await relay.run([
      'find',
      '/',
      '-xdev',
      '(',
      '-path',
      '/etc/aliases.db',
      '-o',
      '-path',
      '/var/cache/*',
      '-o',
      '-path',
      '/etc/machine-id',
      '-o',
      '-path',
      '/var/log/*',
      '-o',
      '-path',
      '/var/lib/apt',
      '-o',
      '-name',
      '__pycache__',
      ')',
    ]);
    expect(strays).toBe('');
    const shadow = await relay.run(['cat', '/etc/shadow']);
    expect(shadow).toMatch(/^postfix:!:::/m);
    // What the build wrote has the build's fixed date; the rest is the start's own.
    const dated = await relay.run([
      'find',
      '/usr',
      '/etc/passwd',
      '/etc/group',
      '/etc/shadow',
      '/etc/ssl',
      '/var/lib/dpkg',
      '-newermt',
      lately,
    ]);
    expect(dated).toBe('');
  });
});
