/** One event under judgement: its view and what was looked up in it so far. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventView } from './event-view.ts';
import type { Hits } from './hits.ts';
import type { Lookup, Vocabulary } from './vocabulary.ts';

export class Matcher {
  readonly view: EventView;
  readonly vocabulary: Vocabulary;
  /** Counts events: what is remembered for one round is void in the next. */
  round = 0;

  constructor(view: EventView, vocabulary: Vocabulary) {
    this.view = view;
    this.vocabulary = vocabulary;
  }

  begin(event: ImEvent): void {
    this.round++;
    this.view.see(event);
  }

  hits(lookup: Lookup): Hits {
    if (lookup.round !== this.round) {
      lookup.round = this.round;
      this.vocabulary.fill(lookup, this.view);
    }
    return lookup.hits;
  }
}
