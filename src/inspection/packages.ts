/** The packages of an image, from its own records. */

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Reads /var/lib/dpkg/status (deb-control(5)): the packages that are installed, by name. */
export function readDpkgStatus(status: string): readonly Package[] {
  return status
    .split(/\n\n+/)
    .flatMap((paragraph) => {
      const field = (name: string): string =>
        new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
      if (!/^\S+ ok installed$/.test(field('Status'))) return [];
      const [name, version, architecture] = [
        field('Package'),
        field('Version'),
        field('Architecture'),
      ];
      return [{ name, version, architecture }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Module {
  readonly name: string;
  readonly version: string;
  /** The module's own SPDX expression. */
  readonly license: string;
}

/** The required part of a bill of materials in the format CycloneDX 1.6. */
interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly licenses: readonly { readonly expression: string }[];
  }[];
}

/**
 * Reads a bill of materials that the build of the image wrote (scripts/image/bill-of-materials.mjs).
 * @param text JSON; `undefined` when the image has no such file
 */
export function readBill(text: string | undefined): readonly Module[] {
  if (text === undefined) return [];
  const { components }: Bill = JSON.parse(text);
  return components.map(({ name, version, licenses }) => ({
    ...{ name, version },
    license: licenses.map(({ expression }) => expression).join(' AND '),
  }));
}
