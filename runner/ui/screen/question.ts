import type {Model} from '../view-model.ts';
import type {Overlay} from './screen.ts';

/** What is asked before something is done that can't be taken back by a key. */
export function question(overlay: Overlay & {name: 'confirm'}, {labs, current}: Model): string {
  switch (overlay.what) {
    case 'solve':
      return 'Run the rest of this step for you, and check it?';
    case 'reset':
      return `Undo lab ${current?.lab.number ?? ''} and begin it again? Your files stay.`;
    case 'jump': {
      const numbers = overlay.first.map(id => labs.find(lab => lab.id === id)?.number);
      const lab = labs.find(({id}) => id === overlay.lab);
      return `Lab ${lab?.number} needs ${numbers.length === 1 ? 'lab' : 'labs'} ${numbers.join(', ')}. Solve ${numbers.length === 1 ? 'it' : 'them'} for you first?`;
    }
  }
}
