import { type Parameter, patternTableText } from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';

const NAME = 'reply_footers';

/**
 * Postfix's own reply to a client that is over its rate is made in its source, and says neither the
 * rate nor where it comes from; what stands here is put behind it ("\c": on the same line,
 * smtpd_reject_footer in postconf(5)).
 */
export const replyFooters = ({ rate: { client } }: Settings): readonly RenderedFile[] =>
  client === undefined
    ? []
    : [
        configFile(
          NAME,
          patternTableText('What is added to replies that Postfix makes by itself.', [
            [
              '^450 4\\.7\\.1 Error: too much mail from ',
              `\\c; this relay takes ${client.messages} in ${client.seconds} s from one client: ` +
                'RELAY_RATE_CLIENT (rate.client)',
            ],
          ]),
        ),
      ];

/** The parameter that puts them in force. */
export const footersParameter: Parameter = [
  'smtpd_reject_footer_maps',
  tableReference('regexp', NAME),
];
