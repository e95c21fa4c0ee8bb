import { describe, expect, test } from 'vitest';
import { isError, problemLine } from '../../../entrypoint/messages/problem.ts';
import { policy } from '../../../entrypoint/render/policy.ts';
import { render } from '../../../entrypoint/render/render.ts';
import { maskSecrets } from '../../../entrypoint/settings/hiding/mask.ts';
import { Folder } from '../entrypoint/support/folder.ts';
import { readThemes } from './corpus.ts';
import { writeFiles } from './files.ts';
import { judge } from './judge.ts';

/** In whatever piece of it: a line break may stand in its middle. */
const SECRET = /s3(\\n)?cret/;

const folder = new Folder();
writeFiles(folder);
const WRONG = readThemes(new URL('wrong/', import.meta.url), folder.path);

describe.each(WRONG)('wrong $name', ({ cases }) => {
  test.each(cases)('$setting <- $text', (one) => {
    const reading = judge(one, folder);
    const problems = reading.ok ? reading.warnings : reading.problems;
    const errors = problems.filter(isError).map(problemLine);
    expect(errors.join('\n')).toContain(one.setting);
    expect(problems.map(problemLine).join('\n')).not.toMatch(SECRET);
  });
});

const RIGHT = readThemes(new URL('right/', import.meta.url), folder.path);

describe.each(RIGHT)('right $name', ({ cases }) => {
  test.each(cases)('$text', (one) => {
    const reading = judge(one, folder);
    expect(reading.ok ? [] : reading.problems.map(problemLine)).toEqual([]);
    if (!reading.ok) return;
    const shown = [
      ...reading.warnings.map(problemLine),
      ...policy(reading.settings),
      ...render(maskSecrets(reading.settings)).map(({ content }) => content),
    ];
    expect(render(reading.settings).length).toBeGreaterThan(0);
    expect(shown.join('\n')).not.toMatch(SECRET);
  });
});

test('the corpus is as large as its README says', () => {
  const count = (themes: typeof RIGHT) => themes.reduce((sum, { cases }) => sum + cases.length, 0);
  expect(count(WRONG)).toBeGreaterThan(1200);
  expect(count(RIGHT)).toBeGreaterThan(350);
});
