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
postfix:
  smtpd_tls_CAfile: /etc/ssl/certs/ca-certificates.crt
  header_checks: regexp:/etc/tables/headers
`,
  );
  const said = await hikyaku('bake', file, '--tag', image.tag);
  const needed = said.split('\n').filter((line) => line.startsWith('at run time it needs'));
  // The CA certificates of Debian are in the image.
  expect(needed).toEqual([
    expect.stringContaining('needs /run/secrets/isp: docker run -v'),
    expect.stringContaining('needs /etc/tables/headers: docker run -v'),
  ]);

  await using relay = await startRelay(network, {
    image: image.tag,
    files: {
      '/run/secrets/isp': LOGIN.password,
      '/etc/tables/headers': '/^X-Nobody-Has-It:/ IGNORE\n',
    },
  });
  const mail = { from: 'me@foo.bar.example', to: 'you@example.com' };
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
    output: expect.stringContaining('there is no image'),
  });
});

it('an image that is no relay is refused as what to begin with', async () => {
  using folder = new Folder();
  await using image = imageTag();
  const file = folder.write('relay.yaml', 'myhostname: relay.example.com\n');
  await expect(
    hikyaku('bake', file, '--from', IMAGES.client, '--tag', image.tag),
  ).rejects.toMatchObject({
    output: expect.stringContaining(`the image "${IMAGES.client}" is no relay of Hikyaku`),
  });
});
