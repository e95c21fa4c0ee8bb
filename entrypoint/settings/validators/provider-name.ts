import { isLikeName, isNearMiss } from '../may-be-shown.ts';
import { nearest } from '../nearest.ts';
import { findPreset, presetNames } from '../providers.ts';
import { notA, validator } from './invalid.ts';

/** The name of a well-known provider. */
export const providerName = validator<string>((text) => {
  const preset = /["']/.test(text) ? undefined : findPreset(text);
  if (preset !== undefined) return preset.name;
  const bare = text
    .trim()
    .replace(/^(smtp|mail)\./i, '')
    .replace(/\.[a-z.]+$/i, '');
  const near = findPreset(bare)?.name ?? nearest(text, presetNames);
  const right = near === undefined ? 'give its server as host instead' : `did you mean ${near}?`;
  const isLikely = isNearMiss(text, presetNames) || (isLikeName(text) && text.includes('.'));
  throw notA(text, 'a provider that is known here', right, isLikely);
});
