import { EXIT } from '../cli/errors.ts';
import { verb } from '../cli/verb.ts';
import { adoptQueue, prepareSpool } from '../install/spool.ts';

/**
 * What `start` does first, alone: so that an init container can have the capabilities that a new
 * volume of root's needs, and the relay itself need not.
 */
export const prepareVerb = verb(
  {
    name: 'prepare',
    summary: "Make the queue's directories on a new volume (needs CHOWN, FOWNER, DAC_OVERRIDE).",
  },
  async ({ print }) => {
    prepareSpool(false);
    await adoptQueue();
    print('the queue is ready');
    return EXIT.ok;
  },
);
