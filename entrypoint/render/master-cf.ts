import { masterCfText, type Service, unix } from '../postfix/cf-syntax.ts';
import { SPOOL } from '../postfix/spool.ts';
import type { Settings } from '../settings/settings.ts';
import { accountServices } from './accounts.ts';
import { stepServices } from './backup-steps.ts';
import { CLIENTS_AT_ONCE } from './bad-clients.ts';
import { companionParts } from './companion-parts.ts';
import { databaseServices, queueManagerOptions } from './database.ts';
import { configFile, type RenderedFile } from './file.ts';
import { portName } from './log-destination.ts';
import { milterServices } from './milters.ts';
import { signingServices } from './signing.ts';
import { listenerOptions, submissionServices } from './submission.ts';

const HEAD = `Postfix services, written by hikyaku at every start: changes here are lost.
service       type     private unprivileged chroot wakeup processes command; see master(5)`;

/** A listener for the health check: reached from inside only, and logging nowhere. */
export const HEALTH_SOCKET = `${SPOOL}/private/health`;

const listener = ({ followed }: Settings, port: number): Service => ({
  name: String(port),
  processes: String(CLIENTS_AT_ONCE),
  type: 'inet',
  private: false,
  unprivileged: true,
  command: 'smtpd',
  options: [
    ...listenerOptions(port),
    ...(followed ? [['syslog_name', `postfix/${portName(port)}`] as const] : []),
  ],
});

/** From Postfix's own directory of programs, which master(8) puts in front. */
const LOG_SERVICE = '../../../share/hikyaku/postlogd.sh';

/** Postfix's own services; what each does is in its manual page, under the command's name. */
const core = (settings: Settings): readonly Service[] => [
  unix('health', 'smtpd', {
    processes: '1',
    // An empty log file means syslog, which does not run here: a probe leaves no line.
    options: [
      ['maillog_file', ''],
      ['cleanup_service_name', 'health-cleanup'],
      ['smtpd_sender_restrictions', ''],
      ['smtpd_recipient_restrictions', ''],
      // Mandatory TLS would refuse the probe.
      ['smtpd_tls_security_level', 'none'],
      ['smtpd_sasl_auth_enable', 'no'],
      // Behind a proxy, the probe would have to send the PROXY header.
      ['smtpd_upstream_proxy_protocol', ''],
      // The user's own filter keeps mail out when it is away; ours take notes of mail only.
      ['smtpd_milters', settings.overrides.find(({ from }) => from === 'smtpd_milters')?.to ?? ''],
    ],
  }),
  unix('health-cleanup', 'cleanup', {
    private: false,
    processes: '0',
    options: [['maillog_file', '']],
  }),
  unix('pickup', 'pickup', { private: false, wakeup: '60', processes: '1' }),
  unix('cleanup', 'cleanup', { private: false, processes: '0' }),
  // As Postfix's own user: as root it would need CAP_FOWNER to set the time of the next attempt.
  unix('qmgr', 'qmgr', {
    private: false,
    wakeup: '300',
    processes: '1',
    options: queueManagerOptions(settings),
  }),
  unix('tlsmgr', 'tlsmgr', { wakeup: '1000?', processes: '1' }),
  unix('rewrite', 'trivial-rewrite'),
  unix('bounce', 'bounce', { processes: '0' }),
  unix('defer', 'bounce', { processes: '0' }),
  unix('trace', 'bounce', { processes: '0' }),
  unix('verify', 'verify', { processes: '1' }),
  unix('flush', 'flush', { private: false, wakeup: '1000?', processes: '0' }),
  unix('proxymap', 'proxymap'),
  unix('proxywrite', 'proxymap', { processes: '1' }),
  unix('smtp', 'smtp'),
  // Names that transport tables of Postfix's documentation use.
  unix('relay', 'smtp', { options: [['syslog_name', 'postfix/relay']] }),
  unix('lmtp', 'lmtp'),
  unix('showq', 'showq', { private: false }),
  unix('error', 'error'),
  unix('retry', 'error'),
  unix('virtual', 'virtual', { unprivileged: false }),
  unix('discard', 'discard'),
  unix('anvil', 'anvil', { processes: '1' }),
  unix('scache', 'scache', { processes: '1' }),
  unix('tlsproxy', 'tlsproxy', {
    processes: '0',
    // It is a client here. Without a server's role it would warn of that at each start of its own.
    options: [
      ['tlsproxy_tls_security_level', 'may'],
      ['tlsproxy_tls_cert_file', 'none'],
    ],
  }),
  {
    ...unix('postlog', companionParts(settings).length > 0 ? LOG_SERVICE : 'postlogd', {
      private: false,
      processes: '1',
    }),
    type: 'unix-dgram',
  },
];

/** The whole master.cf: listeners, Postfix's services, delivery services for accounts. */
export const masterCf = (settings: Settings): RenderedFile =>
  configFile(
    'master.cf',
    masterCfText(HEAD, [
      ...settings.listen.map((port) => listener(settings, port)),
      ...core(settings),
      ...signingServices(settings),
      ...stepServices(settings),
      ...accountServices(settings),
      ...databaseServices(settings),
      ...milterServices(settings),
      ...submissionServices(settings, (port) => listener(settings, port)),
    ]),
  );
