/** A bill of materials (SBOM) in the format CycloneDX 1.6. */
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import type { Inspection } from './inspection.ts';

/** @returns JSON; the same image gives the same text */
export function cycloneDx(inspection: Inspection): string {
  const { name, image, packages, modules, node, debian } = inspection;
  const bom = new Models.Bom();
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, name, {
    bomRef: image.id,
    version: image.id,
  });
  const distro = debian === null ? undefined : { distro: `debian-${debian}` };
  for (const { name: deb, version, architecture } of packages) {
    const qualifiers = { arch: architecture, ...distro };
    const purl = new PackageURL('deb', 'debian', deb, version, qualifiers, null).toString();
    bom.components.add(library(deb, version, purl));
  }
  for (const one of modules) {
    const [scope, bare] = one.name.startsWith('@') ? one.name.split('/') : [null, one.name];
    const purl = new PackageURL('npm', scope ?? null, bare ?? one.name, one.version, null, null);
    const component = library(one.name, one.version, purl.toString());
    component.licenses.add(new Models.LicenseExpression(one.license));
    bom.components.add(component);
  }
  if (node !== null) {
    const purl = new PackageURL('generic', null, 'node', node, null, null).toString();
    const component = library('node', node, purl);
    // Vulnerability databases know it by this name.
    component.cpe = `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`;
    bom.components.add(component);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}

const library = (name: string, version: string, purl: string): Models.Component =>
  new Models.Component(Enums.ComponentType.Library, name, { bomRef: purl, version, purl });
