/** Facts in a queue file beyond postqueue(1): the message's origin and its names. */
export interface QueueFile {
  readonly id: string;
  /** The address of the client; undefined when it came from inside. */
  readonly client: string | undefined;
  readonly messageId: string | undefined;
  /** The recipients as the client named them. */
  readonly originals: readonly string[];
  /** Milliseconds since 1970 of the next attempt; undefined when it is not waiting for one. */
  readonly nextTry: number | undefined;
}

/** The first line of a file in the output of `postcat -qeh ID …` (postcat(1)). */
const HEAD = /^\*\*\* ENVELOPE RECORDS (\S+) \*\*\*$/m;

/** Reads the output of `postcat -qeh` for several messages. @param nextTry gives it for a file */
export function readQueueFiles(
  output: string,
  nextTry: (path: string) => number | undefined,
): readonly QueueFile[] {
  const [, ...parts] = output.split(HEAD);
  const files: QueueFile[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [path = '', text = ''] = [parts[index], parts[index + 1]];
    files.push({ ...readQueueFile(path, text), nextTry: nextTry(path) });
  }
  return files;
}

function readQueueFile(path: string, text: string): Omit<QueueFile, 'nextTry'> {
  const all = (pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map(([, value = '']) => value);
  // A message from inside has no such attribute, or an empty one.
  const [client = ''] = all(/^named_attribute: log_client_address=(.*)$/gm);
  const [messageId] = all(/^message-id:\s*<?([^<>\s]+)>?\s*$/gim);
  return {
    id: path.slice(path.lastIndexOf('/') + 1),
    client: client === '' || client === 'unknown' ? undefined : client,
    messageId,
    originals: [
      ...new Set([
        ...all(/^original_recipient: (.+)$/gm),
        ...all(/^named_attribute: dsn_orig_rcpt=rfc822;(.+)$/gm),
      ]),
    ],
  };
}
