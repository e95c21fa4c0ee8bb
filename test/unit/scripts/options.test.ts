import { expect, test } from 'vitest';
import { parseOptions } from '../../../scripts/bootstrap/options.ts';

const none = { engine: false, compose: false, image: false, testImages: [], command: [] };

test.each([
  [[], none],
  [['--image'], { ...none, image: true }],
  [
    ['--compose', '--test-images', 'vitest', 'run', '--project', 'unit'],
    { ...none, compose: true, testImages: 'all', command: ['vitest', 'run', '--project', 'unit'] },
  ],
  [
    ['--test-image', 'provider', '--test-image', 'sender', 'node', 'scripts/demo.ts'],
    { ...none, testImages: ['provider', 'sender'], command: ['node', 'scripts/demo.ts'] },
  ],
])('%j', (args, options) => {
  expect(parseOptions(args)).toEqual(options);
});

test('an unknown option is refused with the usage', () => {
  expect(() => parseOptions(['--imgae'])).toThrow(/there is no option --imgae\nusage:/);
});

test('--test-image without a name is refused', () => {
  expect(() => parseOptions(['--test-image'])).toThrow('--test-image needs a name');
});
