import { expect, test } from 'vitest';
import { composeCommand, withoutSettings } from '../../../scripts/compose-project.ts';

test.each([
  [undefined, { command: 'docker', args: ['compose'] }],
  ['docker compose', { command: 'docker', args: ['compose'] }],
  ['/a b/docker-compose', { command: '/a b/docker-compose', args: [] }],
])('HIKYAKU_COMPOSE=%s', (value, command) => {
  expect(composeCommand(value)).toEqual(command);
});

test("the user's own settings do not reach the demo", () => {
  const env = {
    PATH: '/bin',
    DOCKER_HOST: 'unix:///x',
    RELAY_HOST: 'mail.example',
    COMPOSE_FILE: 'other.yaml',
    HIKYAKU_IMAGE: 'other',
    HIKYAKU_DEBIAN_IMAGE: 'debian',
  };
  expect(withoutSettings(env)).toEqual({
    PATH: '/bin',
    DOCKER_HOST: 'unix:///x',
    HIKYAKU_DEBIAN_IMAGE: 'debian',
  });
});
