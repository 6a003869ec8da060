/** Lines of events in the form that an output has. */
import { harmlessJson } from '../../src/event/encode.ts';
import { type EcsObserver, ecsEvent, type NativeEvent } from './ecs/ecs-event.ts';
import type { OutputSettings } from './output-settings.ts';

export type FormatLine = (line: string) => string;

/** A line of event JSON in, the line of the output out, both without line feed. */
export function lineFormat(
  { format, content }: Pick<OutputSettings, 'format' | 'content'>,
  observer: EcsObserver,
): FormatLine {
  if (format === 'native' && content) return (line) => line;
  return (line) => {
    const event = JSON.parse(line) as NativeEvent;
    const made = ecsEvent(event, observer, content);
    return harmlessJson(JSON.stringify(format === 'ecs' ? made : made.sallyport));
  };
}
