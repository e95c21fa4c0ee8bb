import { setting as ref, words } from '../../settings/naming/sentence.ts';
import type { Advice, Table } from '../entry.ts';
import type { ExpiryTrouble } from '../trouble.ts';

type Entry = (facts: ExpiryTrouble, ends: string) => Advice;

const RELOAD = 'run "hikyaku reload"';

/** Each with what to renew, and where. */
const WHAT: Readonly<Record<ExpiryTrouble['what'], Entry>> = {
  'ca-certificate': ({ name, setting }, ends) => ({
    cause: words`a CA certificate in ${name} ${ends}`,
    remedy: words`put the new CA certificate into the file of ${ref(setting)}, and ${RELOAD}`,
  }),
  'listener-certificate': ({ name, setting }, ends) => ({
    cause: words`the certificate for clients, ${name}, ${ends}`,
    remedy: words`renew the file of ${ref(setting)}, and ${RELOAD}`,
  }),
  'own-certificate': (_, ends) => ({
    cause: words`the relay's own certificate for clients ${ends}`,
    remedy: words`restart the container: it makes a new certificate; clients that trust the old fingerprint need the new one`,
  }),
  'client-certificate': ({ name, setting }, ends) => ({
    cause: words`the certificate that this relay shows to servers, ${name}, ${ends}`,
    remedy: words`renew the file of ${ref(setting)}, and ${RELOAD}`,
  }),
  'assertion-certificate': ({ name, setting }, ends) => ({
    cause: words`the certificate of the OAuth 2 application, ${name}, ${ends}`,
    remedy: words`make a new one, upload it to the application at the provider, put it into the file of ${ref(setting)}, and ${RELOAD}`,
  }),
  'client-secret': ({ name, setting }, ends) => ({
    cause: words`the OAuth 2 client secret for ${name} ${ends}`,
    remedy: words`make a new one at the provider, and set ${ref(setting)} and ${ref(`${setting}_expires`)}`,
  }),
  grant: ({ name }, ends) => ({
    cause: words`the permission to send as ${name} ${ends}`,
    remedy: words`run "hikyaku login ${name}"; at Google it has no such end when the app is "In production"`,
  }),
};

/** Certificates and secrets that must be renewed. */
export const EXPIRY: Table<'expiry'> = {
  expiry: (facts) => {
    const { what, date, days } = facts;
    return WHAT[what](facts, days < 0 ? `ended on ${date}` : `ends on ${date}`);
  },
};
