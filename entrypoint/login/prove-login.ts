import type { ProbeContext } from '../probe/context.ts';
import { sendersAt } from '../probe/senders.ts';
import { probe } from '../probe/walk.ts';
import { findingLines, isWrong } from '../reports/doctor/diagnosis.ts';
import { serverFindings } from '../reports/doctor/server.ts';
import type { Say } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import type { OAuth2Login } from './choose.ts';

/** `elsewhere`: the session failed before the login. */
export type Outcome = 'accepted' | 'refused' | 'elsewhere';

/** Logs in to each server with this token, as doctor does, and prints what was found. */
export async function proveLogin(
  settings: Settings,
  { servers }: OAuth2Login,
  accessToken: string,
  context: ProbeContext,
  { print, say }: { readonly print: (line: string) => void; readonly say: Say },
): Promise<Outcome> {
  const results = await Promise.all(
    servers.map((server) =>
      probe(
        { ...server, login: server.login && { ...server.login, password: accessToken } },
        sendersAt(server, settings),
        context,
      ),
    ),
  );
  // Doctor reports the size limit; it does not concern the login.
  const findings = results.flatMap(({ server, facts }) =>
    serverFindings({ server, facts: facts.filter(({ kind }) => kind !== 'size-limit') }, settings),
  );
  for (const finding of findings) for (const line of findingLines(finding, say)) print(line);
  if (!findings.some(isWrong)) return 'accepted';
  const isReached = results.every(({ facts }) => facts.some(({ kind }) => kind === 'mechanisms'));
  return isReached ? 'refused' : 'elsewhere';
}
