import { describe, expect, test } from 'vitest';
import { type MachineFacts, planEngine } from '../../../scripts/bootstrap/engine-plan.ts';

const address = 'unix:///var/run/docker.sock';

/** A fresh Debian machine, as root, without Docker. */
const debian: MachineFacts = {
  probes: [{ state: 'absent', address }],
  hostGiven: false,
  root: true,
  linux: true,
  aptGet: true,
  dockerd: false,
  systemd: false,
  noInstall: false,
};

describe('without an engine that answers', () => {
  test.each<[string, Partial<MachineFacts>, object]>([
    [
      'Docker is installed and started by hand on a bare Debian',
      {},
      { action: 'install', way: 'by hand' },
    ],
    [
      'systemd starts it where systemd runs',
      { systemd: true },
      { action: 'install', way: 'systemd' },
    ],
    ['an installed one is started', { dockerd: true }, { action: 'start', way: 'by hand' }],
    [
      'a stale socket does not stop that',
      { dockerd: true, probes: [{ state: 'silent', reason: 'ECONNREFUSED', address }] },
      { action: 'start' },
    ],
  ])('%s', (_, facts, plan) => {
    expect(planEngine({ ...debian, ...facts })).toMatchObject(plan);
  });

  test.each<[string, Partial<MachineFacts>, RegExp]>([
    ['a machine that is to stay as it is', { noInstall: true }, /HIKYAKU_NO_INSTALL/],
    [
      'an engine that is not to be started',
      { noInstall: true, dockerd: true },
      /start the one that is installed/,
    ],
    ['an engine that the user named', { hostGiven: true }, /DOCKER_HOST/],
    [
      'a socket that this user may not open',
      { root: false, dockerd: true, probes: [{ state: 'forbidden', address }] },
      /usermod -aG docker/,
    ],
    ['a machine that is not Linux', { linux: false, aptGet: false }, /Docker Desktop/],
    ['a Linux without apt', { aptGet: false }, /install Docker Engine/],
    ['a user who is not root', { root: false }, /sudo apt-get install docker\.io/],
    [
      'an engine that another user must start',
      { root: false, dockerd: true },
      /systemctl start docker/,
    ],
  ])('nothing is touched but explained: %s', (_, facts, message) => {
    const plan = planEngine({ ...debian, ...facts });
    expect(plan).toMatchObject({ action: 'explain', message: expect.stringMatching(message) });
  });
});
