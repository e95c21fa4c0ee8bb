import { expect, it } from 'vitest';
import { terminalPicture, wrap } from '../../../scripts/docs/terminal-picture.ts';

it.each([
  ['a line that fits stays one', 'one two', ['one two']],
  ['a long line breaks at a blank', 'one two three', ['one two', 'three']],
  ['a word without a blank breaks where the terminal ends', 'abcdefghijkl', ['abcdefghij', 'kl']],
])('%s', (_name, line, parts) => {
  expect(wrap(line, 10)).toEqual(parts);
});

it('what was written is text in the picture, and no markup', () => {
  const svg = terminalPicture('echo "<a&b>"', '<root@linux.myhome.net>\n');
  expect(svg).toContain('>&lt;root@linux.myhome.net&gt;</text>');
  expect(svg).toContain('>$ echo "&lt;a&amp;b&gt;"</text>');
  expect(svg).toContain('aria-label="echo &quot;&lt;a&amp;b&gt;&quot;"');
});
