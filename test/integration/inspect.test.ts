import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/inspection/inspection.ts';
import { hikyaku } from '../support/builder.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
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
    // The system, Node.js, our program: an update of the program pulls the last one, compressed to
    // about a third.
    const [system, node, program, ...others] = seen.image.layers.map(({ bytes }) => bytes / 1e6);
    expect(others).toEqual([]);
    expect(system).toBeLessThan(60);
    expect(node).toBeLessThan(125);
    expect(program).toBeLessThan(4);
  });

  it('carries bills of materials that scanners find by their names', async () => {
    await using network = await startNetwork();
    await using relay = await startRelay(network, { lockedDown: false });
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    for (const [file, purl] of [
      ['node.cdx.json', /^pkg:generic\/node@\d+\.\d+\.\d+$/],
      ['program.cdx.json', /^pkg:npm\/yaml@\d+\.\d+\.\d+$/],
    ] as const) {
      const text = await relay.run(['cat', `/usr/share/hikyaku/${file}`]);
      expect(await validator.validate(text)).toBeNull();
      const purls = JSON.parse(text).components.map((one: { purl: string }) => one.purl);
      expect(purls).toContainEqual(expect.stringMatching(purl));
    }
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
    // Another test may be looking into an image at this moment.
    await eventually('the end of its container', async () =>
      (await unstarted()).every((id) => before.includes(id)),
    );
  });

  it('leaves out what differs between builds, and what the build wrote has its fixed date', async () => {
    await using network = await startNetwork();
    await using relay = await startRelay(network, { lockedDown: false });
    const strays = [
      '/etc/aliases.db',
      '/var/cache/*',
      '/etc/machine-id',
      '/var/log/*',
      '/var/lib/apt',
    ];
    const isStray = [...strays.flatMap((one) => ['-path', one, '-o']), '-name', '__pycache__'];
    expect(await relay.run(['find', '/', '-xdev', '(', ...isStray, ')'])).toBe('');
    expect(await relay.run(['cat', '/etc/shadow'])).toMatch(/^postfix:!:::/m);
    // Of each kind that the build writes: our own files, accounts, and what dpkg and packages note.
    const written = [
      ...['/usr/local/bin', '/usr/share/hikyaku', '/etc/passwd', '/etc/group', '/etc/shadow'],
      ...['/etc/ssl/certs/ca-certificates.crt', '/var/lib/dpkg/status'],
      '/var/lib/dpkg/info/postfix.list',
    ];
    const dates = await relay.run([
      // These keep the dates that Debian's package gave them.
      ...['find', ...written, '-path', '/usr/share/hikyaku/postfix', '-prune'],
      ...['-o', '-printf', '%T@\n'],
    ]);
    const { groups } =
      /^ARG SOURCE_DATE_EPOCH=(?<date>\d+)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? {};
    expect(new Set(dates.trim().split('\n').map(Number))).toEqual(
      new Set([Number(groups?.['date'])]),
    );
  });
});
