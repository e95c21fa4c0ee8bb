import { describe, expect, it } from 'vitest';
import { filesOnHost } from '../../../../src/running/files-on-host.ts';
import {
  createRequest,
  dockerRunWords,
  type RelayRun,
  readPublication,
  shellLine,
} from '../../../../src/running/relay-run.ts';

const RUN: RelayRun = {
  name: 'relay',
  image: 'hikyaku:dev',
  network: 'mail',
  publications: [
    { address: undefined, hostPort: 25, port: 25 },
    { address: '127.0.0.1', hostPort: 2587, port: 587 },
  ],
  files: new Map([['/etc/hikyaku/relay.yaml', '/home/me/my relay/relay.yaml']]),
  queue: 'relay-queue',
};

describe('what is published', () => {
  it.each([
    ['25:25', { address: undefined, hostPort: 25, port: 25 }],
    ['127.0.0.1:2525:25', { address: '127.0.0.1', hostPort: 2525, port: 25 }],
    ['[::1]:2525:25', { address: '[::1]', hostPort: 2525, port: 25 }],
  ])('%s', (text, publication) => {
    expect(readPublication(text)).toEqual(publication);
  });

  it.each(['25', 'smtp:25', '70000:25', '25:25/udp', ''])('"%s" is refused', (text) => {
    expect(() => readPublication(text)).toThrow(/use HOSTPORT:PORT, as in 25:25/);
  });
});

describe('a file that relay.yaml names', () => {
  const from = (...there: readonly string[]) =>
    filesOnHost('/home/me/relay.yaml', ['/run/secrets/isp'], (file) => there.includes(file)).get(
      '/run/secrets/isp',
    );

  it('is taken from the same path', () => {
    expect(from('/run/secrets/isp', '/home/me/secrets/isp')).toBe('/run/secrets/isp');
  });

  it('or from the directory beside relay.yaml', () => {
    expect(from('/home/me/secrets/isp')).toBe('/home/me/secrets/isp');
  });

  it('is never taken for another of the same last name', () => {
    const named = ['/run/secrets/work/password', '/run/secrets/home/password'];
    expect(() =>
      filesOnHost('/home/me/relay.yaml', named, (file) => file.startsWith('/home')),
    ).toThrow('/run/secrets/home/password');
    expect(new Set(filesOnHost('/home/me/relay.yaml', named, () => true).values()).size).toBe(3);
  });

  it('is asked for together with all others that are in neither place', () => {
    const both = ['/run/secrets/isp', '/certs/ca.pem'];
    expect(() => filesOnHost('/home/me/relay.yaml', both, () => false)).toThrow(
      /\/run\/secrets\/isp .*\/home\/me\/secrets\/isp.*\/certs\/ca\.pem .*\/home\/me\/secrets\/ca\.pem/,
    );
  });

  it('is asked for where it is in neither place', () => {
    expect(() => from()).toThrow(/\/run\/secrets\/isp .*\/home\/me\/secrets\/isp/);
  });
});

it('the command line asks for what the engine is asked for', () => {
  expect(shellLine(dockerRunWords(RUN))).toBe(
    'docker run --detach --name relay --network mail --restart unless-stopped --stop-timeout 30 ' +
      '--read-only --tmpfs /etc/postfix --tmpfs /var/lib/postfix:uid=101,gid=101,mode=700 ' +
      '--tmpfs /tmp --cap-drop ALL --cap-add SETUID --cap-add SETGID --cap-add DAC_OVERRIDE ' +
      '--security-opt no-new-privileges:true --volume relay-queue:/var/spool/postfix ' +
      "--volume '/home/me/my relay/relay.yaml:/etc/hikyaku/relay.yaml:ro' " +
      '--publish 25:25 --publish 127.0.0.1:2587:587 hikyaku:dev',
  );
  expect(createRequest(RUN)).toMatchObject({
    name: 'relay',
    Image: 'hikyaku:dev',
    StopTimeout: 30,
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: ['SETUID', 'SETGID', 'DAC_OVERRIDE'],
      SecurityOpt: ['no-new-privileges:true'],
      Binds: [
        'relay-queue:/var/spool/postfix',
        '/home/me/my relay/relay.yaml:/etc/hikyaku/relay.yaml:ro',
      ],
      NetworkMode: 'mail',
      RestartPolicy: { Name: 'unless-stopped' },
      PortBindings: {
        '25/tcp': [{ HostIp: '', HostPort: '25' }],
        '587/tcp': [{ HostIp: '127.0.0.1', HostPort: '2587' }],
      },
    },
  });
});

it('a quote in a word stays one', () => {
  expect(shellLine(["it's"])).toBe(`'it'\\''s'`);
});
