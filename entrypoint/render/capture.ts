import { literalPattern, type Parameter, patternTableText } from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';

/**
 * One address gets all mail (capture). Every recipient is redirected to it before the queue, and no
 * other address has a way out of the queue: what a filter of the user's own redirects stays here too.
 */

/** The table that has a way out for only one address. */
export const CAPTURE_FILE = 'capture_transport';

export const captureFiles = ({ capture }: Settings): readonly RenderedFile[] => {
  if (capture === undefined) return [];
  const rows = [
    // No transport and no next hop: as if there were no entry (transport(5)).
    [`^${literalPattern(capture)}$`, ':'],
    ['.', 'error:5.7.1 all mail is captured (RELAY_CAPTURE) and goes only to that address'],
  ] as const;
  return [configFile(CAPTURE_FILE, patternTableText('All mail goes to one address.', rows))];
};

export const captureParameters = ({ capture }: Settings): readonly Parameter[] =>
  capture === undefined
    ? []
    : [
        ['virtual_alias_maps', `static:{${capture}}`],
        ['transport_maps', tableReference('pcre', CAPTURE_FILE)],
        // Otherwise each of several recipients would cause a copy.
        ['enable_original_recipient', 'no'],
      ];
