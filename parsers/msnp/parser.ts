/**
 * MSNP, both directions of one TCP flow: a notification server or a switchboard (dossier msnp.md).
 *
 * Commands are cut by command-framer.ts, read in place by command.ts, handled where dispatch.ts says. A
 * command with its payload is a unit.
 */
import type { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { MsnpCommand } from './command.ts';
import { CommandFramer, type CommandListener } from './command-framer.ts';
import { dispatch } from './dispatch.ts';
import { onEnd } from './login.ts';
import { MsnpFlow } from './msnp-flow.ts';
import { Form, neutraliseCommand } from './neutral.ts';
import { replacement } from './replace.ts';
import { verbText } from './verbs.ts';

export class MsnpParser implements FlowParser, CommandListener {
  readonly #flow: MsnpFlow;
  readonly #framers: readonly [CommandFramer, CommandFramer];
  readonly #ended: [boolean, boolean] = [false, false];

  constructor(context: FlowContext, protocol = 'msnp') {
    this.#flow = new MsnpFlow(context, protocol);
    const { midstream } = context;
    this.#framers = [new CommandFramer(true, midstream), new CommandFramer(false, midstream)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#enter(direction, sink);
    this.#framers[direction].push(octets, this);
    this.#flow.rest();
    return Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    const flow = this.#flow;
    this.#enter(direction, sink);
    this.#framers[direction].gap(octets);
    flow.chunks[direction].clear();
    const { offset } = this.#framers[direction];
    flow.begin(offset, offset);
    flow.peers.gap();
    flow.files.gap();
    flow.rest();
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const flow = this.#flow;
    this.#enter(direction, sink);
    const { offset } = this.#framers[direction];
    flow.begin(offset, offset);
    this.#ended[direction] = true;
    if (this.#ended[0] && this.#ended[1]) {
      flow.peers.end();
      flow.files.end();
    }
    if (direction === Direction.ToClient) onEnd(flow);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.#flow.held() + this.#framers[0].held + this.#framers[1].held;
  }

  replace(event: ImEvent, _unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacement(this.#flow, event, notice);
  }

  /** The command under the hand in its neutral form, of the same length; undefined where there is none. */
  neutralForm(): Uint8Array | undefined {
    const { command, direction, head, form } = this.#flow;
    if (form === Form.None) return undefined;
    const octets = command.buffer.slice(command.start, command.end);
    if (octets.length !== this.#flow.to - this.#flow.from) return undefined;
    neutraliseCommand(octets, 0, { direction, length: octets.length, head, form });
    return octets;
  }

  command(command: MsnpCommand, from: number, to: number, unread: number): void {
    const flow = this.#flow;
    flow.command = command;
    flow.begin(from, to);
    if (command.lowerCase) flow.anomaly(Anomaly.VerbCase);
    if (command.oddBlank) flow.anomaly(Anomaly.OddBlank);
    if (unread === 0) {
      dispatch(flow);
      return;
    }
    // Nobody can judge it; where it ends is known, or not even that.
    flow.anomaly(unread === -1 ? Anomaly.BadLength : Anomaly.PayloadTooLarge);
    if (unread > 0) {
      flow.form = Form.Message;
      flow.head = command.payloadStart - command.start;
    }
    flow.unknown(verbText(command.verb));
  }

  odd(name: Anomaly, from: number): void {
    const flow = this.#flow;
    flow.begin(from, from);
    flow.anomaly(name);
    // What a server makes of it nobody knows: a rule can deny it.
    if (name !== Anomaly.LoneLf) flow.unknown('no command');
  }

  #enter(direction: Direction, sink: ParserSink): void {
    this.#flow.direction = direction;
    this.#flow.sink = sink;
  }
}
