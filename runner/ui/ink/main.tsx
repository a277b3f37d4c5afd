import type {ReactNode} from 'react';
import {visitors} from '../../session/visitors.ts';
import type {Paint} from '../paint.ts';
import type {Screen} from '../screen/screen.ts';
import type {Model} from '../view-model.ts';
import {Background} from './components/background.tsx';
import {Chooser} from './components/chooser.tsx';
import {CommandLine} from './components/command-line.tsx';
import {Confirm} from './components/confirm.tsx';
import {Finish} from './components/finish.tsx';
import {Footer} from './components/footer.tsx';
import {Header} from './components/header.tsx';
import {Help} from './components/help.tsx';
import {Labs} from './components/labs.tsx';
import {Status} from './components/status.tsx';
import {Traffic} from './components/traffic.tsx';
import {Viewport} from './components/viewport.tsx';
import type {Body} from './frame.ts';
import type {Layout} from './layout.ts';

export interface MainProps {
  model: Model;
  screen: Screen;
  body: Body;
  layout: Layout;
  paint: Paint;
  now: number;
}

/** Header, what the situation or the overlay shows, and the keys that work in it. */
export function Main(props: MainProps): ReactNode {
  const {model, screen, body, layout, paint, now} = props;
  const {overlay} = screen;
  const rows = layout.bodyRows;
  const header = <Header model={model} paint={paint} columns={layout.columns} />;
  const footer = <Footer model={model} paint={paint} width={layout.width} />;
  if (overlay.name === 'help')
    return (
      <Framed
        header={header}
        content={<Help model={model} paint={paint} rows={layout.overlayRows} width={layout.width} />}
      />
    );
  if (overlay.name === 'labs') {
    return (
      <Framed
        header={header}
        content={<Labs model={model} selected={overlay.selected} paint={paint} rows={rows} />}
      />
    );
  }
  if (overlay.name === 'background') {
    return (
      <Framed
        header={header}
        content={<Background model={model} selected={overlay.selected} paint={paint} rows={rows} />}
      />
    );
  }
  if (overlay.name === 'traffic') {
    const {traffic, problem} = model;
    return (
      <Framed
        header={header}
        content={<Traffic loads={traffic} visitors={visitors} paint={paint} width={layout.width} />}
        below={problem && <Status model={model} paint={paint} now={now} />}
      />
    );
  }
  if (model.state.situation === 'choosing-engine') {
    return (
      <Framed
        header={header}
        content={
          <Chooser
            engines={model.engines}
            program={model.program}
            selected={screen.engine}
            paint={paint}
            rows={layout.overlayRows}
          />
        }
      />
    );
  }
  const content =
    model.state.situation === 'finished' ? (
      <Finish model={model} paint={paint} rows={rows} />
    ) : (
      <Viewport body={body} paint={paint} />
    );
  const below =
    overlay.name === 'confirm' ? (
      <Confirm overlay={overlay} model={model} paint={paint} />
    ) : overlay.name === 'command' ? (
      <CommandLine line={overlay.line} candidates={overlay.candidates} paint={paint} width={layout.width} />
    ) : (
      <>
        <Status model={model} paint={paint} now={now} />
        {footer}
      </>
    );
  return <Framed header={header} content={content} below={below} />;
}

function Framed({
  header,
  content,
  below,
}: {
  header: ReactNode;
  content: ReactNode;
  below?: ReactNode;
}): ReactNode {
  return (
    <>
      {header}
      {content}
      {below}
    </>
  );
}
