import type { Option, Parameter, Service } from '../postfix/cf-syntax.ts';
import { FIRST_STEP_PORT, insideHop, STEP } from '../postfix/inside-services.ts';
import type { BackupHost, Route, Settings } from '../settings/settings.ts';
import { nexthop } from './destination.ts';
import { tableReference } from './file.ts';
import { insideCleanup, insideListener } from './inside.ts';
import { noteFrom } from './milters.ts';
import { readableName } from './readable-name.ts';
import { MARKS } from './send-as.ts';
import { accountService, concurrency } from './smtp-client.ts';

/**
 * Backups with a sender of their own (relay.backups[].send_as). The delivery service rewrites the
 * sender, and it tries the relay host and its backups in turn. So such a backup gets a service of
 * its own, behind a listener inside that stands in its place in the list of servers: mail takes a
 * second step through the queue when its turn comes.
 */
interface BackupStep {
  readonly service: string;
  readonly port: number;
  readonly sendAs: string;
  /** The backup, and those after it that take the same sender. */
  readonly servers: readonly BackupHost[];
}

/** As with accounts, the name does not depend on the place in the file. */
function stepService(sendAs: string, servers: readonly BackupHost[]): string {
  const identity = [sendAs, ...servers.slice(0, 1).map(nexthop)].join(' ');
  return `backup-${readableName(sendAs, identity)}`;
}

/**
 * Backups that follow each other and take the same sender are one step. A backup without a sender
 * of its own takes that of the relay host, or else that of the server before it.
 */
function backupSteps(route: Route): readonly BackupStep[] {
  if (route.kind === 'direct') return [];
  const steps: { sendAs: string; servers: BackupHost[] }[] = [];
  for (const backup of route.backups) {
    const last = steps.at(-1);
    const sendAs = backup.sendAs ?? route.sendAs ?? last?.sendAs;
    if (sendAs === undefined || sendAs === (last ?? route).sendAs) last?.servers.push(backup);
    else steps.push({ sendAs, servers: [backup] });
  }
  return steps.map(({ sendAs, servers }, index) => ({
    service: stepService(sendAs, servers),
    port: FIRST_STEP_PORT + index,
    sendAs,
    servers,
  }));
}

/** Which delivery service a backup has, and as whom mail leaves through it. */
export function stepOf(
  route: Route,
  backup: BackupHost,
): { readonly service: string; readonly sendAs: string } | undefined {
  const step = backupSteps(route).find(({ servers }) => servers.includes(backup));
  return step === undefined ? undefined : { service: step.service, sendAs: step.sendAs };
}

const hops = (servers: readonly BackupHost[], next: BackupStep | undefined): readonly string[] => [
  ...servers.map(nexthop),
  ...(next === undefined ? [] : [insideHop(next.port)]),
];

/** The servers that mail tries in its first step, the last of them perhaps a listener inside. */
export function firstServers(route: Route): readonly string[] {
  if (route.kind === 'direct') return [];
  const steps = backupSteps(route);
  const later = new Set(steps.flatMap(({ servers }) => servers));
  return hops([route, ...route.backups.filter((one) => !later.has(one))], steps[0]);
}

/**
 * The service connects to the listener as to its servers. On port 465 that is with TLS from the
 * first byte (smtp_tls_wrappermode), and here without a certificate.
 */
const tlsOf = (implicitTls: boolean): readonly Option[] =>
  implicitTls
    ? [
        ['smtpd_tls_wrappermode', 'yes'],
        ['smtpd_tls_security_level', 'encrypt'],
        ['smtpd_tls_chain_files', ''],
        ['smtpd_tls_cert_file', 'none'],
      ]
    : [['smtpd_tls_security_level', 'none']];

/** Listener and delivery service of each step, and their cleanup; empty without such a backup. */
export function stepServices(settings: Settings): readonly Service[] {
  const { route, mapType } = settings;
  const steps = backupSteps(route);
  if (route.kind === 'direct' || steps.length === 0) return [];
  const logins = tableReference(mapType, 'sasl_passwd');
  return [
    ...steps.flatMap(({ service, port, sendAs, servers }, index) => [
      insideListener(port, STEP, [
        ['content_filter', `${service}:${hops(servers, steps[index + 1]).join(', ')}`],
        ['cleanup_service_name', 'step-cleanup'],
        ['smtpd_milters', noteFrom],
        ...tlsOf(route.implicitTls),
      ]),
      accountService(
        service,
        { ...route, login: servers.find(({ login }) => login !== undefined)?.login, sendAs },
        logins,
        settings,
        false,
      ),
    ]),
    insideCleanup('step-cleanup', STEP, [
      ['sender_canonical_maps', tableReference('pcre', MARKS)],
      ['sender_canonical_classes', 'envelope_sender'],
    ]),
  ];
}

/** The parameters of the steps in main.cf. */
export function stepParameters({ route }: Settings): readonly Parameter[] {
  const steps = backupSteps(route);
  if (route.kind === 'direct' || steps.length === 0) return [];
  const level = route.implicitTls ? 'encrypt' : 'none';
  const rows = steps.map(({ port }) => `{ ${insideHop(port)} = ${level} }`);
  return [
    ['smtp_tls_policy_maps', [`inline:{ ${rows.join(', ')} }`]],
    ...steps.flatMap(({ service }) => concurrency(service, route)),
  ];
}
