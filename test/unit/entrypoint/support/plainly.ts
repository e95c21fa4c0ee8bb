import type { Given, GivenValue } from '../../../../entrypoint/settings/naming/given.ts';
import { verdict } from './verdict.ts';

const plainValue = (value: GivenValue): unknown => {
  switch (value.shape) {
    case 'one':
      return value.text;
    case 'list':
      return value.items.map(({ text }) => text);
    case 'table':
      return value.rows.map(({ from, to }) => [from.text, to.text]);
  }
};

/** What was given, without words and places of values: short enough to stand in a test. */
export const plainly = ({ values, secretFiles, problems }: Given) => ({
  values: Object.fromEntries([...values].map(([path, value]) => [path, plainValue(value)])),
  files: Object.fromEntries([...secretFiles].map(([path, { file }]) => [path, file])),
  problems: problems.map(verdict),
});
