import { expect, it } from 'vitest';
import { startContainer } from '../support/container.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';

it("the plugin's conversations go as the mechanisms want, with no fault of memory", async () => {
  await using network = await startNetwork();
  await using container = await startContainer({
    image: IMAGES.sasl,
    network,
    aliases: ['sasl'],
  });
  const exitCode = await container.waitForExit();
  const { all } = await container.output();
  expect(all.split('\n').filter((line) => !line.startsWith('ok: '))).toEqual(['0 failures', '']);
  expect(exitCode).toBe(0);
});
