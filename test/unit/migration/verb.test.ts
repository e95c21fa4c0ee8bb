import { expect, test } from 'vitest';
import { report } from '../../../entrypoint/cli/report-error.ts';
import { migrateVerb } from '../../../entrypoint/verbs/migrate.ts';
import { Folder } from '../entrypoint/support/folder.ts';

/** What `hikyaku migrate FILE` says of a file with this text. */
async function migrate(text: string) {
  using folder = new Folder();
  const said: string[] = [];
  const warned: string[] = [];
  const print = (line: string): void => void said.push(line);
  const warn = (line: string): void => void warned.push(line);
  const status = await migrateVerb
    .run([folder.write('old.yaml', text)], { command: 'hikyaku', environment: {}, print, warn })
    .catch((fault: unknown) => report(fault, { json: false, print, warn }));
  return { status, said: said.join('\n'), warned: warned.join('\n') };
}

test('migrate reads a file', async () => {
  const { status, said } = await migrate('SMTP_SERVER=mail.isp.example\n');
  expect(status).toBe(0);
  expect(said).toContain('host: mail.isp.example');
});

test('migrate says when it knows nothing of the file', async () => {
  const { status, warned } = await migrate('FOO=bar\n');
  expect(status).toBe(64);
  expect(warned).toContain('no settings were found');
});

test('migrate says where a Compose file stops being YAML, without its values', async () => {
  const text =
    'services:\n  smtp:\n    image: boky/postfix\n    environment:\n      RELAYHOST: [mail.isp.example]:587\n      RELAYHOST_PASSWORD: s3cret\n';
  const { status, warned } = await migrate(text);
  expect(status).toBe(64);
  expect(warned).toContain('line 5, column 36: something stands here');
  expect(warned).not.toContain('s3cret');
});

test('migrate says which services there are', async () => {
  const text = 'services: {a: {image: boky/postfix}, b: {image: boky/postfix}}\n';
  const { status, warned } = await migrate(text);
  expect(status).toBe(64);
  expect(warned).toContain('there are several such services: add one of a, b');
});

test('migrate reads the code in a page of Markdown, and tells relays of one name apart', async () => {
  const page = (command: string) =>
    `# My relay\n\nservices: are below\n\n\`\`\`sh\n${command}\n\`\`\`\n`;
  const run = (host: string) => `docker run --name postfix -e RELAYHOST=[${host}]:587 boky/postfix`;
  const one = await migrate(page(run('a.isp.example')));
  expect(one.said).toContain('host: a.isp.example');
  const two = await migrate(page(`${run('a.isp.example')}\n${run('b.isp.example')}`));
  expect(two).toMatchObject({
    status: 64,
    warned: expect.stringContaining('postfix-1, postfix-2'),
  });
  const none = await migrate(page('echo RELAYHOST'));
  expect(none.warned).toContain('no settings were found');
});

test('migrate ends with 78 and an error when a restriction is lost', async () => {
  const patterns =
    'RELAY_HOST=a.isp.example\nRELAY_LOGIN=x\nRECIPIENT_RESTRICTIONS=/@example\\.com$/\n';
  const { status, said, warned } = await migrate(patterns);
  expect(status).toBe(78);
  expect(warned).toContain('error: RECIPIENT_RESTRICTIONS');
  expect(said).toContain('host: a.isp.example');
});
