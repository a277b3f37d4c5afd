import type {ToolName} from '../engines/tools.ts';
import {isWsl, type Machine} from './machine.ts';

type Manager = 'winget' | 'cask' | 'brew' | 'apt' | 'snap' | 'go';

/** Go's folder of programs is often not on PATH. */
const goPath = ', with $(go env GOPATH)/bin on PATH';

/** What to type, by who installs it; a page where none of them can. */
const ways: Readonly<Record<ToolName, {page: string} & Partial<Record<Manager, string>>>> = {
  docker: {
    cask: 'brew install --cask docker-desktop, then start Docker Desktop',
    winget: 'winget.exe install Docker.DockerDesktop, then switch on its WSL integration',
    apt: 'sudo apt-get install -y docker.io && sudo usermod -aG docker $USER, then sign in anew',
    page: 'https://docs.docker.com/engine/install/',
  },
  kind: {
    brew: 'brew install kind',
    go: `go install sigs.k8s.io/kind@latest${goPath}`,
    page: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  },
  kubectl: {
    brew: 'brew install kubectl',
    snap: 'sudo snap install kubectl --classic',
    page: 'https://kubernetes.io/docs/tasks/tools/',
  },
  helm: {
    brew: 'brew install helm',
    snap: 'sudo snap install helm --classic',
    go: `go install helm.sh/helm/v3/cmd/helm@latest${goPath}`,
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
    // Homebrew has casks on macOS alone.
    machine.platform === 'darwin' && machine.has('brew') && 'cask',
    machine.has('brew') && 'brew',
    machine.platform === 'linux' && machine.has('apt-get') && 'apt',
    machine.platform === 'linux' && machine.has('snap') && 'snap',
    machine.has('go') && 'go',
  ];
  for (const manager of there) {
    const command = manager && way[manager];
    if (command) return command;
  }
  return way.page;
}
