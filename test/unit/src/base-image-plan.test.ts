import { describe, expect, test } from 'vitest';
import {
  debianStandIn,
  mmdebstrapArgs,
  nodeStandIn,
} from '../../../src/base-images/base-image-plan.ts';

describe('a stand-in', () => {
  const recipe = { base: 'sha256:a', dockerfile: 'FROM x', nodeVersion: 'v26.0.0', caBundle: '' };

  test('has a name of our own', () => {
    expect(debianStandIn()).toMatch(/^hikyaku-local\/debian:trixie-[0-9a-f]{12}$/);
    expect(nodeStandIn(recipe)).toMatch(/^hikyaku-local\/node:26-[0-9a-f]{12}$/);
  });

  test.each(['base', 'dockerfile', 'nodeVersion', 'caBundle'] as const)(
    'has another name when its %s changes',
    (part) => {
      expect(nodeStandIn({ ...recipe, [part]: 'changed' })).not.toBe(nodeStandIn(recipe));
    },
  );

  test('leaves out manuals but keeps the copyright files', () => {
    const args = mmdebstrapArgs('trixie.tar');
    expect(args).toContain('--dpkgopt=path-exclude=/usr/share/man/*');
    expect(args.indexOf('--dpkgopt=path-exclude=/usr/share/doc/*')).toBeLessThan(
      args.indexOf('--dpkgopt=path-include=/usr/share/doc/*/copyright'),
    );
    expect(args.at(-1)).toBe('trixie.tar');
  });
});
