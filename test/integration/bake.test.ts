import { expect, it } from 'vitest';
import { hikyaku, imageTag } from '../support/builder.ts';
import { startClient } from '../support/client.ts';
import { LOGIN, startIsp } from '../support/customer.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';
import { Folder } from '../unit/entrypoint/support/folder.ts';

// An appliance: an image with its relay.yaml inside, to which only the secret is brought.

it('a baked image runs with nothing but the secret, and logs in at the provider', async () => {
  using folder = new Folder();
  await using image = imageTag();
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  await using client = await startClient(network);
  const file = folder.write(
    'relay.yaml',
    `
relay:
  host: ${provider.host}
  username: ${LOGIN.username}
  password_file: /run/secrets/isp
  tls: encrypt
`,
  );
  const said = await hikyaku('bake', file, '--tag', image.tag);
  expect(said).toContain('at run time it needs /run/secrets/isp');

  await using relay = await startRelay(network, {
    image: image.tag,
    files: { '/run/secrets/isp': LOGIN.password },
  });
  const mail = { from: 'me@foo.bar.com', to: 'you@example.com' };
  expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  const { session } = await provider.waitForMessage();
  expect(session).toMatchObject({ auth: { username: LOGIN.username } });
});

it.each([
  ['a password', 'relay: {host: a.example, username: b, password: piyopiyo}\n', 'relay.password'],
  ['what is no setting', 'relay: {hosst: a.example}\n', 'did you mean host'],
])('%s is refused, and nothing is built', async (_, settings, reason) => {
  using folder = new Folder();
  await using image = imageTag();
  const file = folder.write('relay.yaml', settings);
  await expect(hikyaku('bake', file, '--tag', image.tag)).rejects.toMatchObject({
    message: expect.stringContaining('status 78'),
    output: expect.stringContaining(reason),
  });
  await expect(hikyaku('inspect', image.tag)).rejects.toMatchObject({
    output: expect.stringContaining('There is no image'),
  });
});

it('an image that is no relay is refused as what to begin with', async () => {
  using folder = new Folder();
  await using image = imageTag();
  const file = folder.write('relay.yaml', 'myhostname: relay.example.com\n');
  await expect(
    hikyaku('bake', file, '--from', IMAGES.client, '--tag', image.tag),
  ).rejects.toMatchObject({
    output: expect.stringContaining(`The image "${IMAGES.client}" is no relay of Hikyaku`),
  });
});
