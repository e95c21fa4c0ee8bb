import { describe, expect, test } from 'vitest';
import {
  lossOf,
  mountsIn,
  replacedFiles,
  settingsFiles,
} from '../../../../entrypoint/inputs/mounts.ts';

const ANONYMOUS = '3f'.repeat(32);
const BEFORE = '533 400 0:52 / / ro,relatime - overlay overlay ro,lowerdir=/x\n';
const line = (root: string, point: string, type = 'ext4') =>
  `${BEFORE}540 533 8:1 ${root} ${point} rw,relatime master:1 - ${type} /dev/sda1 rw\n`;
const SPOOL = '/var/spool/postfix';

describe('a queue', () => {
  test.each([
    ['on a named volume', line('/var/lib/docker/volumes/mail-queue/_data', SPOOL), undefined],
    ['on a folder of the host', line('/srv/mail\\040queue', SPOOL), undefined],
    ['below a volume', line('/var/lib/docker/volumes/all/_data', '/var/spool'), undefined],
    ['on an anonymous volume', line(`/docker/volumes/${ANONYMOUS}/_data`, SPOOL), /without a name/],
    ['in memory', line('/', SPOOL, 'tmpfs'), /memory/],
    ['on no volume', BEFORE, /no volume/],
    ['on an emptyDir', line('/pods/1/volumes/kubernetes.io~empty-dir/queue', SPOOL), /emptyDir/],
  ])('%s', (_, text, loss) => {
    const found = lossOf(mountsIn(text), SPOOL);
    if (loss === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(loss);
  });
});

test('a mounted file that was replaced on the host is known by its mark', () => {
  const mounts = mountsIn(
    line('/home/me/relay.yaml//deleted', '/etc/hikyaku/relay.yaml') +
      line('/home/me/isp', '/run/secrets/isp'),
  );
  expect(replacedFiles(mounts)).toEqual(['/etc/hikyaku/relay.yaml']);
});

test('settings files are found wherever they are mounted', () => {
  const points = ['/etc/hikyaku/relay.yml', '/config/relay.yaml', '/run/secrets/isp'];
  const mounts = mountsIn(points.map((point) => line('/x', point)).join(''));
  expect(settingsFiles(mounts)).toEqual(points.slice(0, 2));
});
