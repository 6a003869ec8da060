/** What the admin server answers. */
import type { FastifyInstance } from 'fastify';
import type { Gateway, ReloadOutcome } from '../live/gateway.ts';
import type { Log } from '../log/log.ts';
import { Exposition } from '../metrics/exposition.ts';
import { streamEvents } from './event-stream.ts';
import { type Health, health, readiness } from './health.ts';

const FLOWS = { usual: 100, most: 1000 };
/** Listeners to events at a time: each costs the main thread an encoding of every event. */
const MOST_LISTENERS = 8;

export function addRoutes(app: FastifyInstance, gateway: Gateway, log: Log): void {
  const exposition = new Exposition(gateway);
  let listeners = 0;
  let reloading: Promise<ReloadOutcome> | undefined;

  app.get('/healthz', (_, reply) => {
    const answer = health(gateway.status(), Date.now());
    return reply.code(codeOf(answer)).send(spoken(answer));
  });

  app.get('/readyz', (_, reply) => {
    const answer = readiness(gateway.status(), Date.now());
    return reply.code(codeOf(answer)).send(spoken(answer));
  });

  app.get('/metrics', async (_, reply) => {
    const text = await exposition.render();
    return reply.type(exposition.contentType).send(text);
  });

  app.post('/-/reload', async (_, reply) => {
    // Whoever asks while one runs is told of that one.
    reloading ??= gateway.reload('api').finally(() => {
      reloading = undefined;
    });
    const outcome = await reloading;
    return reply.code(outcome.ok ? 200 : 422).send(outcome);
  });

  app.get('/api/v1/status', (_, reply) => reply.send(gateway.status()));

  app.get<{ Querystring: Record<string, unknown> }>('/api/v1/flows', async (request, reply) => {
    const most = Number(request.query.most ?? FLOWS.usual);
    if (!Number.isInteger(most) || most < 1 || most > FLOWS.most) {
      return reply.code(400).send({ error: `most: a whole number from 1 to ${FLOWS.most}` });
    }
    return { flows: await gateway.flows(most) };
  });

  app.get<{ Querystring: Record<string, unknown> }>('/api/v1/events', (request, reply) => {
    if (listeners >= MOST_LISTENERS) {
      reply.code(503).send({ error: `there are ${MOST_LISTENERS} listeners already` });
      return;
    }
    listeners += 1;
    log.debug('a listener to events came', { from: request.ip });
    reply.hijack();
    streamEvents(gateway, reply.raw, { content: request.query.content !== 'no' }, () => {
      listeners -= 1;
    });
  });
}

function codeOf({ ok }: Health): number {
  return ok ? 200 : 503;
}

function spoken({ ok, why, degraded = [] }: Health) {
  if (!ok) return { status: 'failed', why: [...why, ...degraded] };
  return degraded.length === 0 ? { status: 'ok' } : { status: 'degraded', why: degraded };
}
