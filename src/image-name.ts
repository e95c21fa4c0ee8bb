/** The name of an image as the engine takes it: path components of small letters, and a tag. */
import { EXIT, UserError } from '../entrypoint/cli/errors.ts';

const HOST = '(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?';
const PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const NAME = new RegExp(`^${HOST}${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$`);

/** @throws UserError with the form that is right */
export function readImageName(text: string): string {
  if (NAME.test(text)) return text;
  throw new UserError(
    `"${text}" is not a name for an image: use small letters, digits and ". _ - /", and one ":" before the tag, as in example/relay:1.0.`,
    EXIT.usage,
  );
}
