/** What a client was told of a mail; `lost`: the connection ended without a reply. */
import type { Answer } from '../docker/exec.ts';

export interface Sent {
  readonly outcome: 'accepted' | 'refused' | 'lost';
  readonly reply: string;
}

/** The first line of a client's output, in JSON. */
export function readSent({ stdout, stderr }: Answer): Sent {
  const [line = ''] = stdout.split('\n');
  return line === '' ? { outcome: 'lost', reply: stderr } : JSON.parse(line);
}

export const sentWords = ({ outcome, reply }: Sent): string => `${outcome}: ${reply}`;
