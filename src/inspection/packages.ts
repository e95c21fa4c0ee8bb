/** What is installed in an image, by the records that it carries. */

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
  /** As the module itself says it: an SPDX expression. */
  readonly license: string;
}

/** Reads /usr/share/hikyaku/modules, which the build of the image wrote. */
export function readModules(text: string): readonly Module[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', version = '', ...license] = line.split(' ');
      return { name, version, license: license.join(' ') };
    });
}
