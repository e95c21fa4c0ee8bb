/** The plan for the Docker engine: decided here from facts, carried out in engine.ts. */
import { type EngineProbe, explainProbes } from '../../src/docker/engine.ts';

/** The facts about the machine when no engine answers. */
export interface MachineFacts {
  /** The failure at each address. */
  readonly probes: readonly EngineProbe[];
  /** The user named an engine with DOCKER_HOST: then no other one is started. */
  readonly hostGiven: boolean;
  readonly root: boolean;
  readonly linux: boolean;
  readonly aptGet: boolean;
  readonly dockerd: boolean;
  /** systemd is PID 1. */
  readonly systemd: boolean;
  /** HIKYAKU_NO_INSTALL is set: what this machine has stays as it is. */
  readonly noInstall: boolean;
}

export type StartWay = 'systemd' | 'by hand';

export type EnginePlan =
  | { readonly action: 'start'; readonly way: StartWay }
  | { readonly action: 'install'; readonly packages: readonly string[]; readonly way: StartWay }
  | { readonly action: 'explain'; readonly message: string };

/** docker.io brings the engine; without its recommendations it would lack what networks need. */
export const enginePackages: readonly string[] = ['docker.io', 'iptables', 'ca-certificates'];

/** Decides without touching anything: what is ours to do, or what the user has to. */
export function planEngine(facts: MachineFacts): EnginePlan {
  const way: StartWay = facts.systemd ? 'systemd' : 'by hand';
  const explain = (message: string): EnginePlan => ({ action: 'explain', message });
  if (facts.hostGiven || facts.probes.some((probe) => probe.state === 'forbidden')) {
    return explain(explainProbes(facts.probes));
  }
  if (!facts.linux) {
    return explain('There is no Docker engine: install and start Docker Desktop, then try again.');
  }
  if (facts.noInstall) {
    return explain(
      `There is no Docker engine, and HIKYAKU_NO_INSTALL is set: ${facts.dockerd ? 'start the one that is installed' : 'install and start one'}, or unset it.`,
    );
  }
  if (facts.dockerd) {
    if (facts.root) return { action: 'start', way };
    return explain(
      'Docker is installed but does not run: start it (sudo systemctl start docker), or run this as root.',
    );
  }
  if (!facts.aptGet) {
    return explain(
      'There is no Docker engine: install Docker Engine as its manual says for this system, start it, then try again.',
    );
  }
  if (facts.root) return { action: 'install', packages: enginePackages, way };
  return explain(
    `There is no Docker engine: run this as root, or install it with "sudo apt-get install ${enginePackages.join(' ')}" and join the group "docker" (sudo usermod -aG docker "$USER", then log in again).`,
  );
}
