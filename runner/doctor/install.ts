import type {ToolName} from '../clusters/tools.ts';
import {isWsl, type Machine} from './machine.ts';

type Manager = 'winget' | 'brew' | 'apt' | 'go';

/** What to type, by who installs it; a page where none of them can. */
const ways: Readonly<Record<ToolName, {page: string} & Partial<Record<Manager, string>>>> = {
  docker: {
    brew: 'brew install --cask docker-desktop, then start Docker Desktop',
    winget: 'winget.exe install Docker.DockerDesktop, then switch on its WSL integration',
    apt: 'sudo apt-get install -y docker.io && sudo usermod -aG docker $USER, then sign in anew',
    page: 'https://docs.docker.com/engine/install/',
  },
  kind: {
    brew: 'brew install kind',
    go: 'go install sigs.k8s.io/kind@latest',
    page: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  },
  kubectl: {
    brew: 'brew install kubectl',
    page: 'https://kubernetes.io/docs/tasks/tools/',
  },
  helm: {
    brew: 'brew install helm',
    go: 'go install helm.sh/helm/v3/cmd/helm@latest',
    page: 'https://helm.sh/docs/intro/install/',
  },
};

/**
 * How to install a tool here, by what this machine has: winget reaches Windows from inside WSL, where programs of
 * Windows are of use only if they bring a part for Linux.
 */
export function installHint(tool: ToolName, machine: Pick<Machine, 'platform' | 'release' | 'has'>): string {
  const way = ways[tool];
  const there: readonly (Manager | false)[] = [
    isWsl(machine) && machine.has('winget.exe') && 'winget',
    machine.has('brew') && 'brew',
    machine.platform === 'linux' && machine.has('apt-get') && 'apt',
    machine.has('go') && 'go',
  ];
  for (const manager of there) {
    const command = manager && way[manager];
    if (command) return command;
  }
  return way.page;
}
