/**
 * page.js, a separate program: the web page and /metrics. It reads its settings as root, changes to
 * an account that can read no secret, and only then listens. A shell with a fixed list of orders
 * does the work that needs root (attendant.ts).
 *
 *   gate.ts, password.ts   who may look
 *   site.ts                path -> answer
 *   forms.ts               whether a form comes from here
 *   queue.ts, mails.ts     what waits, and what is done about it; the history
 *   ways.ts, checks.ts     how each way out works, and what doctor found
 *   sources.ts             what it looks at: Postfix's queue, the history, certificates
 *   metrics.ts             the same for Prometheus (exposition.ts is the grammar)
 *   views/                 the pages; html.ts escapes all that is put into them
 *   words.ts               English and Japanese
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { isSystemError } from '../../cli/errors.ts';
import { report } from '../../cli/report-error.ts';
import { CONFIG_DIRECTORY } from '../../render/file.ts';
import { PAGE_FILE, type PageSettings } from '../../render/page-file.ts';
import { endWhenChanged } from '../end-when-changed.ts';
import { endingsOf } from '../endings.ts';
import { becomePage } from '../page-user.ts';
import { Attendant } from './attendant.ts';
import { Checks } from './checks.ts';
import { limitPerAddress } from './connections.ts';
import { Forms } from './forms.ts';
import { Gate } from './gate.ts';
import { Queue } from './queue.ts';
import { Site } from './site.ts';
import { Sources } from './sources.ts';

const FILE = `${CONFIG_DIRECTORY}/${PAGE_FILE}`;

/** Limits against slow clients and a full memory. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 8_192,
};
const MOST_CONNECTIONS = 200;
/** A browser has six, a proxy for several people some more. */
const MOST_OF_ONE = 50;

/** The interval of attempts and warnings while another program has the port. */
const AGAIN_MS = 30_000;

const warn = (line: string): void => void process.stderr.write(`hikyaku: page: ${line}\n`);

const settings: PageSettings = JSON.parse(readFileSync(FILE, 'utf8'));
const endings = endingsOf(settings.endings);
const checks = new Checks();
// Should it end, this program begins anew, as root.
const attendant = new Attendant(
  (report) => checks.hear(report),
  () => process.exit(1),
);
becomePage();
endWhenChanged(FILE);
checks.keepLooking(attendant);

const sources = new Sources(settings, endings);
const site = new Site({
  gate: new Gate(settings),
  forms: new Forms(),
  queue: new Queue(sources, attendant, warn),
  checks,
  attendant,
  sources,
  settings,
});
const server = createServer(LIMITS, (request, response) => {
  site.answer(request, response).catch((fault: unknown) => {
    report(fault, { json: false, print: warn, warn });
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end('an error: see the log\n');
  });
});
server.maxConnections = MOST_CONNECTIONS;
limitPerAddress(server, MOST_OF_ONE);
server.on('error', (fault) => {
  const why = isSystemError(fault) ? fault.code : fault.message;
  warn(`cannot listen on port ${settings.listen} (${why}); set RELAY_PAGE_LISTEN to another port`);
  setTimeout(() => process.exit(1), AGAIN_MS);
});
server.listen(settings.listen);
