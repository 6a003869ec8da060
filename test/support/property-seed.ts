/**
 * Property tests draw the same cases each time, so that a test that passed here passes there.
 * `SALLYPORT_SEED=random npm test` explores; a number repeats what such a run reported.
 */
import fc from 'fast-check';

const wanted = process.env.SALLYPORT_SEED ?? '20261123';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
