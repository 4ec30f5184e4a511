/*
 * gan.c
 *	  Adversarial training: a generator against a discriminator.
 *
 * All threads run the same loop.  A step is a number of updates, each of
 * which changes nothing lasting until all threads have met and seen the loss:
 *
 *	 discriminator (discriminator_steps times)
 *		noise -> generator -> rows; real rows and these rows -> discriminator,
 *		each in a pass of its own, as batch normalization wants it; gradients of
 *		both passes add up, and sums over places (plan.h), as were they of one batch;
 *		update the discriminator
 *	 generator (once)
 *		other noise -> generator -> rows -> frozen discriminator; the gradient of
 *		its input is that of the rows; back through the generator; update it
 *
 * An interrupted step goes on with the update it was at: draws depend on the
 * step and the update, not on what was tried.  Moving averages are those of
 * the model that an update trains, of each of its passes.
 *
 * What is given of a real row goes to both models, beside noise to the
 * generator and beside what was made for it to the discriminator: see
 * NNGanSpan.
 *
 * A thread hands its rows from model to model itself: both plans cut a batch
 * alike.  The pass over generated rows has buffers of its own (fake_workspace),
 * since a slower thread may still be at the real ones.
 */
#include "core/kernels/noise.h"
#include "core/train/gan.h"

/* Passes that draw for dropout and noise from streams of their own. */
typedef enum Stream
{
	STREAM_REAL,
	STREAM_FAKE,
	STREAM_FEED,
	STREAM_LEARN,
	STREAM_JUDGE,
	STREAM_NOISE
} Stream;

typedef struct GanJob
{
	NNGan *gan; /* its steps and totals are thread 0's; the others read copies */
	NNRun generator;
	NNRun real;	 /* the discriminator */
	NNRun fake;	 /* the same, in fake_workspace */
	NNRun judge; /* and frozen */
	const void *const *records;
	size_t n_records;
	int64_t generator_step; /* at first; runs' own move on under thread 0 */
	int64_t discriminator_step;
	int draw;
	NNRunResult result; /* this and the next are written by thread 0 */
	size_t done;
} GanJob;

/* Where a thread is: all are at the same place, each with its own count. */
typedef struct Position
{
	size_t done; /* records used up */
	int64_t generator_step;
	int64_t discriminator_step;
	int draw;
	int batch; /* samples of this step */
} Position;

/* ---- noise ---- */

void
nn_noise(NNNoise noise, uint64_t seed, uint64_t sample, nn_real *z, size_t n)
{
	uint64_t own = nn_mix(seed, sample, 0, 0);

	if (noise == NN_NOISE_UNIFORM)
		nn_fill_uniform(z, n, own);
	else
		nn_fill_normal(z, n, own);
}

/* Values of a sample's input, where they are wanted. */
static nn_real *
span_of(const NNPart *part, const NNChunk *chunk, const NNGanSpan *span, int sample)
{
	return nn_chunk_input(part, chunk, span->input) +
		(size_t) sample * nn_part_input_reals(part, span->input) + span->at;
}

/* Values of a real row that are given. */
static void
load_given(const NNRecordFormat *format, const char *record, const NNGanSpan *span, nn_real *to)
{
	const char *x = record + nn_record_x_at(format, &(NNRecordHead){0}, span->from);

	if (format->inputs[span->from].bytes)
		nn_bytes_to_reals(to, (const uint8_t *) x + span->from_at, span->n);
	else
		nn_floats_to_reals(to, (const float *) x + span->from_at, span->n);
}

/* What of the batch's rows is given, into the inputs of either model. */
static void
load_rows(const NNGan *gan, const NNPart *part, const NNChunk *chunk, const NNGanSpan *spans, int n,
		  const void *const *records, const Position *position)
{
	for (int s = 0; s < n; s++)
		for (int i = 0; i < chunk->count && spans[s].from != NN_GAN_NEW; i++)
			load_given(gan->discriminator.format,
					   records[position->done + (size_t) (chunk->first + i)], &spans[s],
					   span_of(part, chunk, &spans[s], i));
}

static void
load_noise(const NNGan *gan, const NNPart *part, const NNChunk *chunk, const Position *position)
{
	uint64_t seed = nn_mix(gan->seed, STREAM_NOISE, (uint64_t) position->generator_step,
						   (uint64_t) position->draw);
	int drawn = 0;

	for (int s = 0; s < gan->n_fed; s++)
	{
		const NNGanSpan *span = &gan->fed[s];
		uint64_t own = nn_gan_noise_seed(seed, drawn);

		if (span->from != NN_GAN_NEW)
			continue;
		for (int i = 0; i < chunk->count; i++)
		{
			int sample = chunk->first + i;
			nn_real *z = span_of(part, chunk, span, i);

			if (gan->source != NULL && drawn == 0)
				gan->source(gan->source_arg, position->generator_step, position->draw, sample, 1,
							z);
			else
				nn_noise(gan->noise, own, (uint64_t) sample, z, span->n);
		}
		drawn++;
	}
}

/* ---- one pass ---- */

static void
make_part(NNPart *part, const NNGan *gan, const NNRun *run, int thread, int batch, int64_t step,
		  Stream stream)
{
	nn_part_make(part, run, thread, batch);
	part->seed = nn_mix(gan->seed, stream, 0, 0);
	part->step = step;
}

static void
set_targets(const NNPart *part, const NNChunk *chunk, double label)
{
	float *target = nn_chunk_targets(part, chunk, 0);

	for (int i = 0; i < chunk->count; i++)
		target[i] = (float) label;
}

/* The generator's rows of a round into the discriminator, with that label. */
static void
feed(const GanJob *job, const NNPart *generator, const NNPart *to, int round, double label,
	 const Position *position)
{
	const NNGan *gan = job->gan;
	const NNGanSpan *judged = &gan->taken[gan->judged];
	int from, end;

	nn_part_round(generator, round, &from, &end);
	for (int c = from; c < end && !nn_pool_stopping(); c++)
	{
		NNChunk chunk = nn_part_chunk(generator, c);

		load_noise(gan, generator, &chunk, position);
		load_rows(gan, generator, &chunk, gan->fed, gan->n_fed, job->records, position);
	}
	nn_part_forward(generator, round);
	for (int c = from; c < end; c++)
	{
		NNChunk made = nn_part_chunk(generator, c);
		NNChunk taken = nn_part_chunk(to, c);

		nn_copy_rows(span_of(to, &taken, judged, 0), nn_part_input_reals(to, judged->input),
					 nn_chunk_output(generator, &made, 0), judged->n, judged->n, taken.count);
		load_rows(gan, to, &taken, gan->taken, gan->n_taken, job->records, position);
		set_targets(to, &taken, label);
	}
}

/* The discriminator's gradients for a round whose rows are loaded. */
static void
learn_round(const NNPart *part, int round, NNTotals *totals)
{
	nn_part_forward(part, round);
	nn_part_loss(part, round, true, totals);
	nn_part_backward(part, round);
	nn_part_split_gradients(part, round);
}

static void
learn_real(const NNGan *gan, const NNPart *part, const void *const *records, NNTotals *totals)
{
	for (int round = 0; round < part->rounds; round++)
	{
		int from, to;

		nn_part_round(part, round, &from, &to);
		for (int c = from; c < to && !nn_pool_stopping(); c++)
		{
			NNChunk chunk = nn_part_chunk(part, c);

			nn_chunk_load(part, &chunk, records);
			set_targets(part, &chunk, NN_GAN_REAL - gan->smoothing);
		}
		learn_round(part, round, totals);
	}
}

/* Back from the discriminator's input, which is the generator's output. */
static void
learn_backward(const NNGan *gan, const NNPart *generator, const NNPart *judge, int round)
{
	const NNGanSpan *span = &gan->taken[gan->judged];
	int from, to;

	nn_part_round(generator, round, &from, &to);
	for (int c = from; c < to; c++)
	{
		NNChunk made = nn_part_chunk(generator, c);
		NNChunk judged = nn_part_chunk(judge, c);
		nn_real *dy = nn_chunk_output_gradient(generator, &made, 0);

		if (dy != NULL)
			nn_copy_rows(dy, span->n,
						 nn_chunk_input_gradient(judge, &judged, span->input) + span->at,
						 nn_part_input_reals(judge, span->input), span->n, made.count);
	}
	nn_part_backward(generator, round);
	nn_part_split_gradients(generator, round);
}

/* ---- updates ---- */

/* The totals of an update under way, empty. */
static NNTotals *
begin_totals(const NNPart *judged)
{
	NNTotals *totals = nn_plan_totals(judged->plan, judged->run->workspace, judged->thread);

	memset(totals, 0, nn_totals_bytes(judged->run->objectives));
	return totals;
}

/* How many rows the discriminator told right, after agree() and before the next barrier. */
static double
count_hits(const NNPart *judged)
{
	double hits = 0;

	for (int t = 0; t < judged->plan->threads; t++)
		hits += *nn_totals_state(judged->run->objectives,
								 nn_plan_totals(judged->plan, judged->run->workspace, t), 0, 0);
	return hits;
}

/*
 * All have their gradients: meet, and decide alike.  The update's loss, weight
 * times the mean of what the discriminator's part counted and the penalty, into
 * *loss; false when it is not to be done.
 */
static bool
agree(GanJob *job, const NNPart *part, const NNPart *judged, double weight, NNLosses *sum,
	  double *loss)
{
	int thread = part->thread;
	bool stop = nn_pool_barrier(thread);
	bool refused = nn_plan_refused(job->generator.plan) || nn_plan_refused(job->real.plan) ||
		nn_plan_refused(job->judge.plan);

	*sum = nn_part_losses(judged);
	*loss = weight * nn_losses_output(sum, 0);
	if (refused || stop || !isfinite(*loss))
	{
		nn_update_abandon(part);
		if (thread == 0)
			job->result = refused ? NN_RUN_REFUSED : stop ? NN_RUN_INTERRUPTED : NN_RUN_DIVERGED;
		return false;
	}
	if (nn_update_begin(part, weight / sum->count[0]))
	{
		nn_update_abandon(part);
		if (thread == 0)
			job->result = NN_RUN_INTERRUPTED;
		return false;
	}
	if (part->plan->penalized)
	{
		/* every thread reads all parameters: none may change before all have */
		*loss += nn_run_penalty(part->run);
		(void) nn_pool_barrier(thread);
	}
	return true;
}

static bool
update_discriminator(GanJob *job, int thread, Position *position)
{
	NNGan *gan = job->gan;
	double weight = nn_gan_loss_weight(gan->loss);
	NNTotals *totals;
	NNLosses sum;
	NNPart generator, real, fake;
	double loss;
	bool stop;

	make_part(&generator, gan, &job->generator, thread, position->batch,
			  position->discriminator_step, STREAM_FEED);
	make_part(&real, gan, &job->real, thread, position->batch, position->discriminator_step,
			  STREAM_REAL);
	make_part(&fake, gan, &job->fake, thread, position->batch, position->discriminator_step,
			  STREAM_FAKE);
	nn_part_divide(&real, NN_GAN_PASSES * position->batch / weight);
	nn_part_join(&fake, &real);
	totals = begin_totals(&real);
	nn_part_begin_step(&real);
	learn_real(gan, &real, job->records + position->done, totals);
	for (int round = 0; round < fake.rounds; round++)
	{
		feed(job, &generator, &fake, round, NN_GAN_FAKE, position);
		learn_round(&fake, round, totals);
	}
	if (!agree(job, &real, &real, weight, &sum, &loss))
		return false;
	if (thread == 0)
	{
		nn_part_end_step(&real);
		nn_part_end_step(&fake);
		gan->totals.hits += count_hits(&real);
	}
	nn_update(&real, weight / sum.count[0]);
	nn_constrain(&real);
	if (gan->clip > 0)
	{
		/* tensors and constraints are shared out otherwise than what is limited here */
		(void) nn_part_barrier(&real);
		nn_update_limit(&real, gan->clip);
	}

	stop = nn_pool_barrier(thread);
	position->discriminator_step++;
	position->draw++;
	if (thread == 0)
	{
		gan->totals.discriminator_loss += loss * position->batch;
		gan->totals.discriminator_samples += position->batch;
		gan->discriminator.step++;
		gan->draw++;
		if (stop)
			job->result = NN_RUN_INTERRUPTED;
	}
	return !stop;
}

static bool
update_generator(GanJob *job, int thread, Position *position)
{
	NNGan *gan = job->gan;
	NNTotals *totals;
	NNLosses sum;
	NNPart generator, judge;
	double loss;
	bool stop;

	make_part(&generator, gan, &job->generator, thread, position->batch, position->generator_step,
			  STREAM_LEARN);
	make_part(&judge, gan, &job->judge, thread, position->batch, position->generator_step,
			  STREAM_JUDGE);
	totals = begin_totals(&judge);
	nn_part_begin_step(&generator);
	for (int round = 0; round < generator.rounds; round++)
	{
		feed(job, &generator, &judge, round, NN_GAN_REAL, position);
		nn_part_forward(&judge, round);
		nn_part_loss(&judge, round, true, totals);
		nn_part_backward(&judge, round);
		learn_backward(gan, &generator, &judge, round);
	}
	if (!agree(job, &generator, &judge, 1, &sum, &loss))
		return false;
	if (thread == 0)
		nn_part_end_step(&generator);
	nn_update(&generator, 1.0 / sum.count[0]);
	nn_constrain(&generator);

	stop = nn_pool_barrier(thread);
	position->generator_step++;
	position->draw = 0;
	position->done += (size_t) position->batch;
	if (thread == 0)
	{
		gan->totals.generator_loss += loss * position->batch;
		gan->totals.generator_samples += position->batch;
		gan->generator.step++;
		gan->draw = 0;
		job->done = position->done;
		if (stop)
			job->result = NN_RUN_INTERRUPTED;
	}
	return !stop;
}

/* ---- steps ---- */

static void
gan_job(void *arg, int thread)
{
	GanJob *job = arg;
	const NNGan *gan = job->gan;
	size_t most = (size_t) gan->generator.plan->request.batch;
	Position position = {
		.generator_step = job->generator_step,
		.discriminator_step = job->discriminator_step,
		.draw = job->draw,
	};

	while (position.done < job->n_records)
	{
		size_t left = job->n_records - position.done;

		position.batch = (int) (left < most ? left : most);
		while (position.draw < gan->discriminator_steps)
			if (!update_discriminator(job, thread, &position))
				return;
		if (!update_generator(job, thread, &position))
			return;
	}
}

NNRunResult
nn_gan_records(NNGan *gan, const void *const *records, size_t n_records, size_t *done)
{
	GanJob job = {
		.gan = gan,
		.records = records,
		.n_records = n_records,
		.generator_step = gan->generator.step,
		.discriminator_step = gan->discriminator.step,
		.draw = gan->draw,
		.result = NN_RUN_DONE,
	};

	gan->discriminator.objectives = &gan->objectives;
	job.generator = gan->generator;
	job.real = gan->discriminator;
	job.fake = gan->discriminator;
	job.fake.workspace = gan->fake_workspace;
	job.judge = job.fake;
	job.judge.plan = gan->judge;
	job.judge.objectives = &gan->verdict;
	nn_plan_begin(gan->generator.plan);
	nn_plan_begin(gan->discriminator.plan);
	nn_plan_begin(gan->judge);
	if (n_records > 0)
		nn_pool_run(gan->generator.plan->threads, gan_job, &job);
	*done = job.done;
	/* an interrupt that came with the last update has nothing left to stop */
	return job.result == NN_RUN_INTERRUPTED && job.done == n_records ? NN_RUN_DONE : job.result;
}
