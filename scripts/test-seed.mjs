// A setup file of vitest: gives the seed of TUSKER_SEED to fast-check, which prints the seed of a failure.
const seed = process.env.TUSKER_SEED
if (seed !== undefined) (await import('fast-check')).default.configureGlobal({ seed: Number(seed) })
