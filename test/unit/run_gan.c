/*
 * run_gan.c
 *	  Two networks against each other: three steps beside Keras's, gradients of
 *	  the generator through the discriminator against finite differences, the
 *	  same result for any sharing out, interrupts, what is refused, noise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/gan_keras.h"
#include "test/unit/json.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#define N(a) ((int) (sizeof(a) / sizeof((a)[0])))

/* Memory that lives as long as the program hangs on this. */
typedef struct Kept
{
	struct Kept *next;
	void	   *memory;
} Kept;

static Kept *all_kept = NULL;

typedef struct Pair
{
	Network    *generator;
	Network    *discriminator;
	NNGan		gan;
	void	   *workspace[3];
	size_t		n_records;
	void	  **records;
} Pair;

static void *
zeroed(size_t bytes)
{
	size_t		room = (bytes + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1);
	void	   *p = aligned_alloc(NN_ALIGN, room);

	memset(p, 0, room);
	return p;
}

static void *
kept(size_t bytes)
{
	Kept	   *kept = malloc(sizeof(Kept));

	kept->memory = zeroed(bytes);
	kept->next = all_kept;
	all_kept = kept;
	return kept->memory;
}

/* Numbers within [-scale, scale), as test/golden/gan.py makes them. */
static double
pseudo(int seed, size_t i, double scale)
{
	double		x = sin((double) i * 12.9898 + seed * 78.233) * 43758.5453;

	return (double) (float) ((2 * (x - floor(x)) - 1) * scale);
}

/* What the plan left to bring: NaN where any content is allowed. */
static void *
unset(size_t bytes)
{
	nn_real    *p = zeroed(bytes);

	for (size_t i = 0; i < bytes / sizeof(nn_real); i++)
		p[i] = (nn_real) NAN;
	return p;
}

static Pair *
pair_make(const NetworkLayer *generator, int n_generator, const NetworkLayer *discriminator,
		  int n_discriminator, const char *optimizer)
{
	Pair	   *pair = kept(sizeof(Pair));

	pair->generator = network_make(generator, n_generator, "mse", NULL, optimizer);
	pair->discriminator = network_make(discriminator, n_discriminator, "mse", NULL, optimizer);
	pair->gan.discriminator_steps = 1;
	pair->gan.seed = 5;
	return pair;
}

static void
pair_rows(Pair *pair, size_t n, int seed, double scale)
{
	NNRecordFormat *format = &pair->discriminator->run.format;
	size_t		in = pair->discriminator->in;

	memset(format, 0, sizeof(*format));
	format->x_count = in;
	format->target = NN_TARGET_NONE;
	pair->n_records = n;
	pair->records = calloc(n, sizeof(void *));
	for (size_t r = 0; r < n; r++)
	{
		char	   *record = zeroed(nn_record_bytes(format, 0));
		float	   *x = (float *) (record + nn_record_x_offset(format, 0));

		for (size_t i = 0; i < in; i++)
			x[i] = (float) pseudo(seed, r * in + i, scale);
		pair->records[r] = record;
	}
}

static void
reset_run(NNRun *run, Network *network, void **workspace)
{
	size_t		bytes = nn_plan_workspace(run->plan);

	free(*workspace);
	free(run->grads);
	run->workspace = *workspace = unset(bytes);
	run->grads = zeroed((size_t) nn_plan_threads(run->plan) *
						NN_ALIGN_REALS(network->model->n_params) * sizeof(nn_real));
	memcpy(run->params, network->start, network->model->n_params * sizeof(nn_real));
	for (int s = 0; s < network->optimizer.n_slots; s++)
		memset(run->slots[s], 0, network->model->n_params * sizeof(nn_real));
	run->step = 0;
}

/* Plan afresh and go back to the first parameters. */
static void
pair_reset(Pair *pair, int batch, int threads, int chunk)
{
	NNGan	   *gan = &pair->gan;
	NNPlanRequest request = {
		.batch = batch,
		.threads = threads,
		.chunk = chunk,
		.force_threads = true
	};
	NNError		error = {0};

	if (gan->judge == NULL)
	{
		gan->generator = pair->generator->run;
		gan->discriminator = pair->discriminator->run;
		gan->generator.plan = zeroed(nn_plan_bytes(pair->generator->model));
		gan->discriminator.plan = zeroed(nn_plan_bytes(pair->discriminator->model));
		gan->judge = zeroed(nn_plan_bytes(pair->discriminator->model));
	}
	gan->discriminator.format = pair->discriminator->run.format;
	if (!nn_gan_check(gan, &error) || !nn_gan_plan(gan, &request, &error))
	{
		fprintf(stderr, "%s\n", error.message);
		exit(2);
	}
	reset_run(&gan->generator, pair->generator, &pair->workspace[0]);
	reset_run(&gan->discriminator, pair->discriminator, &pair->workspace[1]);
	free(pair->workspace[2]);
	gan->fake_workspace = pair->workspace[2] = unset(gan->fake_bytes);
	memset(&gan->totals, 0, sizeof(gan->totals));
	gan->draw = 0;
}

static NNRunResult
pair_train(Pair *pair, size_t from, size_t n, size_t *done)
{
	return nn_gan_records(&pair->gan, (const void *const *) pair->records + from, n, done);
}

static double
worst_difference(const nn_real *a, const nn_real *b, size_t n)
{
	double		worst = 0;

	for (size_t i = 0; i < n; i++)
		if (!(fabs((double) (a[i] - b[i])) <= worst))
			worst = fabs((double) (a[i] - b[i]));
	return worst;
}

/* ---- beside Keras ---- */

#define KERAS_TOLERANCE 1e-4
#define SHOWN 8

static void
pseudo_params(Network *network, int seed)
{
	for (int l = 1; l < network->model->n_layers; l++)
	{
		const NNLayer *layer = &network->model->layers[l];

		for (int p = 0; p < layer->n_params; p++, seed++)
		{
			const NNParam *param = &layer->params[p];
			nn_real    *w = network->start + layer->param_offset + param->offset;
			double		fans = param->shape.dim[0] + param->shape.dim[1];

			for (size_t i = 0; i < param->size; i++)
				if (param->shape.rank == 2)
					w[i] = (nn_real) pseudo(seed, i, (double) (float) sqrt(6 / fans));
				else if (strcmp(param->name, "gamma") == 0)
					w[i] = (nn_real) (1 + pseudo(seed, i, 0.1));
				else if (param->trainable)
					w[i] = (nn_real) pseudo(seed, i, 0.1);
		}
	}
}

typedef struct FixedNoise
{
	size_t		width;
	int			draws;			/* of a step */
	double		scale;
} FixedNoise;

static void
fixed_noise(void *arg, int64_t step, int draw, int first, int count, nn_real *z)
{
	const FixedNoise *noise = arg;
	int			seed = 2000 + (int) step * noise->draws + draw;

	for (size_t i = 0; i < (size_t) count * noise->width; i++)
		z[i] = (nn_real) pseudo(seed, (size_t) first * noise->width + i, noise->scale);
}

static double
worst_weights(const NNRun *run, const double *expected)
{
	double		worst = 0;

	for (int l = 1; l < run->model->n_layers; l++)
	{
		const NNLayer *layer = &run->model->layers[l];

		for (int p = 0; p < layer->n_params; p++)
		{
			const NNParam *param = &layer->params[p];

			for (size_t i = 0; param->trainable && i < SHOWN; i++, expected++)
			{
				double		got = (double) run->params[layer->param_offset + param->offset +
													   i * param->size / SHOWN];

				if (!(fabs(got - *expected) <= worst))
					worst = fabs(got - *expected);
			}
		}
	}
	return worst;
}

static double
worst_rows(Pair *pair, const FixedNoise *noise, const double *expected)
{
	NNRun		run = pair->gan.generator;
	NNPlanRequest request = {.batch = SHOWN, .threads = 1};
	NNError		error = {0};
	size_t		out = pair->generator->out;
	nn_real    *z = kept(SHOWN * noise->width * sizeof(nn_real));
	nn_real    *y = kept(SHOWN * out * sizeof(nn_real));
	double		worst = 0;

	run.plan = kept(nn_plan_bytes(run.model));
	CHECK(nn_plan_make(run.plan, run.model, &request, &error), "a plan for the generator's rows");
	run.workspace = kept(nn_plan_workspace(run.plan));
	fixed_noise((void *) noise, 0, 0, 0, SHOWN, z);
	(void) nn_predict_reals(&run, z, SHOWN, y);
	for (size_t i = 0; i < SHOWN * out; i++)
		if (!(fabs((double) y[i] - expected[i]) <= worst))
			worst = fabs((double) y[i] - expected[i]);
	return worst;
}

typedef struct Golden
{
	const char *name;
	const NetworkLayer *generator;
	int			n_generator;
	const NetworkLayer *discriminator;
	int			n_discriminator;
	const char *optimizer;
	NNGanLoss	loss;
	int			batch;
	double		smoothing;
	double		clip;
	int			steps;
	const double *discriminator_losses;
	const double *generator_losses;
	const double *discriminator_weights;
	const double *generator_weights;
	const double *rows;			/* NULL: the generator normalizes, and rows depend on each other */
} Golden;

static void
check_keras(const Golden *golden, int threads)
{
	Pair	   *pair = pair_make(golden->generator, golden->n_generator, golden->discriminator,
								 golden->n_discriminator, golden->optimizer);
	NNGan	   *gan = &pair->gan;
	FixedNoise	noise = {pair->generator->in, golden->steps + 1, 1.5};
	double		worst = 0;
	double		last = 0;
	size_t		batch = (size_t) golden->batch;

	pseudo_params(pair->generator, 1);
	pseudo_params(pair->discriminator, 101);
	pair_rows(pair, 3 * batch, 1000, 1);
	gan->loss = golden->loss;
	gan->smoothing = golden->smoothing;
	gan->clip = golden->clip;
	gan->discriminator_steps = golden->steps;
	gan->source = fixed_noise;
	gan->source_arg = &noise;
	pair_reset(pair, golden->batch, threads, 0);
	for (size_t step = 0; step < 3; step++)
	{
		size_t		done;
		double		d,
					g;

		memset(&gan->totals, 0, sizeof(gan->totals));
		CHECK(pair_train(pair, step * batch, batch, &done) == NN_RUN_DONE && done == batch,
			  "%s: step %zu is done", golden->name, step);
		g = gan->totals.generator_loss / gan->totals.generator_samples;
		d = gan->totals.discriminator_loss / gan->totals.discriminator_samples;
		/* Keras's log has the loss of a step's last update */
		if (golden->steps == 1)
			worst = fmax(worst, fabs(d - golden->discriminator_losses[step]));
		worst = fmax(worst, fabs(g - golden->generator_losses[step]));
		last = g;
	}
	CHECK(worst < KERAS_TOLERANCE && isfinite(last), "%s, %d threads: losses are Keras's (%.2g)",
		  golden->name, threads, worst);
	worst = worst_weights(&gan->generator, golden->generator_weights);
	CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: so are the generator's weights (%.2g)",
		  golden->name, threads, worst);
	worst = worst_weights(&gan->discriminator, golden->discriminator_weights);
	CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: and the discriminator's (%.2g)",
		  golden->name, threads, worst);
	if (golden->rows != NULL)
	{
		worst = worst_rows(pair, &noise, golden->rows);
		CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: and rows (%.2g)", golden->name, threads, worst);
	}
}

#define RELU(units) {"dense", NULL, NULL, "{\"units\":" #units ",\"activation\":\"relu\"}"}
#define TANH(units) {"dense", NULL, NULL, "{\"units\":" #units ",\"activation\":\"tanh\"}"}
#define INPUT(n) {"input", NULL, NULL, "{\"shape\":[" #n "]}"}
#define SIGMOID {"dense", NULL, NULL, "{\"units\":1,\"activation\":\"sigmoid\"}"}
#define LINEAR {"dense", NULL, NULL, "{\"units\":1}"}
#define NORMALIZED {"batch_normalization", NULL, NULL, "{}"}

static const NetworkLayer dense_generator[] = {
	INPUT(100), RELU(256), RELU(256), RELU(128), RELU(64), RELU(32), TANH(10)
};
static const NetworkLayer dense_discriminator[] = {
	INPUT(10), RELU(128), RELU(128), RELU(64), RELU(32), SIGMOID
};
static const NetworkLayer small_generator[] = {INPUT(5), RELU(16), TANH(3)};
static const NetworkLayer small_critic[] = {INPUT(3), TANH(16), LINEAR};
static const NetworkLayer small_discriminator[] = {INPUT(3), TANH(16), SIGMOID};
static const NetworkLayer normalized_generator[] = {INPUT(5), RELU(16), NORMALIZED, TANH(3)};
static const NetworkLayer normalized_discriminator[] = {INPUT(3), TANH(16), NORMALIZED, SIGMOID};
static const NetworkLayer dropping_discriminator[] = {
	INPUT(3), TANH(16), {"dropout", NULL, NULL, "{\"rate\":0.3}"}, SIGMOID
};

#define GOLDEN(name) \
	name##_discriminator_losses, name##_generator_losses, name##_discriminator_weights, \
	name##_generator_weights
#define NETWORKS(g, d) g, N(g), d, N(d)

static const Golden goldens[] = {
	{"dense", NETWORKS(dense_generator, dense_discriminator), "{\"kind\":\"adam\"}",
	NN_GAN_CROSSENTROPY, 128, 0, 0, 1, GOLDEN(dense), dense_rows},
	{"smoothed, normalized", NETWORKS(normalized_generator, normalized_discriminator),
	"{\"kind\":\"sgd\",\"learning_rate\":0.1}", NN_GAN_CROSSENTROPY, 13, 0.1, 0, 1,
	GOLDEN(smoothed), NULL},
	{"least squares", NETWORKS(small_generator, small_critic),
	"{\"kind\":\"rmsprop\",\"learning_rate\":0.01}", NN_GAN_LEAST_SQUARES, 13, 0, 0, 1,
	GOLDEN(squares), squares_rows},
	{"wasserstein", NETWORKS(small_generator, small_critic),
	"{\"kind\":\"rmsprop\",\"learning_rate\":0.01}", NN_GAN_WASSERSTEIN, 13, 0, 0.15, 2,
	GOLDEN(critic), critic_rows}
};

/* ---- gradients ---- */

#ifdef NN_DOUBLE
/*
 * The generator's gradient, read off one update by plain SGD with rate 1,
 * against differences of its loss; the discriminator stands still (rate 0).
 */
static void
check_gradient(const char *name, const NetworkLayer *generator, int n_generator,
			   const NetworkLayer *discriminator, int n_discriminator, NNGanLoss loss, int threads,
			   int chunk)
{
	Pair	   *pair = pair_make(generator, n_generator, discriminator, n_discriminator,
								 "{\"kind\":\"sgd\",\"learning_rate\":0}");
	NNGan	   *gan = &pair->gan;
	size_t		n = pair->generator->model->n_params;
	nn_real    *first = kept(n * sizeof(nn_real));
	nn_real    *stepped = kept(n * sizeof(nn_real));
	double		worst = 0;
	double		h = 1e-5;
	size_t		done;

	gan->loss = loss;
	gan->clip = loss == NN_GAN_WASSERSTEIN ? 100 : 0;
	pair_rows(pair, 11, 3, 1);
	memcpy(first, pair->generator->start, n * sizeof(nn_real));
	pair->generator->optimizer.schedule.rate = 1;
	pair_reset(pair, 11, threads, chunk);
	(void) pair_train(pair, 0, 11, &done);
	memcpy(stepped, gan->generator.params, n * sizeof(nn_real));
	pair->generator->optimizer.schedule.rate = 0;
	for (int l = 1; l < pair->generator->model->n_layers; l++)
	{
		const NNLayer *layer = &pair->generator->model->layers[l];

		for (int p = 0; p < layer->n_params; p++)
			for (size_t i = 0; i < layer->params[p].size && layer->params[p].trainable; i++)
			{
				size_t		at = layer->param_offset + layer->params[p].offset + i;
				double		got = (double) (first[at] - stepped[at]);
				double		moved[2];
				double		numeric;

				for (int side = 0; side < 2; side++)
				{
					pair->generator->start[at] = first[at] + (nn_real) (side == 0 ? h : -h);
					pair_reset(pair, 11, 1, 0);
					(void) pair_train(pair, 0, 11, &done);
					moved[side] = gan->totals.generator_loss / gan->totals.generator_samples;
				}
				pair->generator->start[at] = first[at];
				numeric = (moved[0] - moved[1]) / (2 * h);
				if (!(fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3) <= worst))
					worst = fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3);
			}
	}
	CHECK(worst < 1e-5, "%s: the generator's gradient, %d threads, chunk %d (worst %.2g)", name,
		  threads, chunk, worst);
}
#endif

/* ---- sharing out ---- */

#ifdef NN_DOUBLE
#define ALIKE 1e-9
#else
#define ALIKE 1e-3
#endif

static void
check_sharing(const char *name, const NetworkLayer *generator, int n_generator,
			  const NetworkLayer *discriminator, int n_discriminator)
{
	Pair	   *pair = pair_make(generator, n_generator, discriminator, n_discriminator,
								 "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	NNGan	   *gan = &pair->gan;
	size_t		n = pair->generator->model->n_params;
	nn_real    *expected = kept(n * sizeof(nn_real));
	nn_real    *again = kept(n * sizeof(nn_real));
	size_t		done;

	gan->discriminator_steps = 2;
	pair_rows(pair, 4 * 13 + 5, 4, 1);
	pair_reset(pair, 13, 1, 0);
	(void) pair_train(pair, 0, pair->n_records, &done);
	memcpy(expected, gan->generator.params, n * sizeof(nn_real));
	CHECK(worst_difference(expected, pair->generator->start, n) > 0.01, "%s: the generator moves", name);
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 4; chunk += 2)
		{
			double		difference;

			pair_reset(pair, 13, threads, chunk);
			CHECK(nn_plan_threads(gan->generator.plan) == threads &&
				  nn_plan_threads(gan->judge) == threads, "%s: %d threads are planned", name, threads);
			(void) pair_train(pair, 0, pair->n_records, &done);
			difference = worst_difference(expected, gan->generator.params, n);
			CHECK(done == pair->n_records && gan->generator.step == 5 && gan->discriminator.step == 10,
				  "%s: five steps, ten updates of the discriminator", name);
			CHECK(gan->totals.generator_samples == 57 && gan->totals.discriminator_samples == 114,
				  "%s: all samples count", name);
			CHECK(difference < ALIKE, "%s: %d threads, chunk %d train alike (%.2g)", name, threads,
				  chunk, difference);
			memcpy(again, gan->generator.params, n * sizeof(nn_real));
			pair_reset(pair, 13, threads, chunk);
			(void) pair_train(pair, 0, pair->n_records, &done);
			CHECK(memcmp(again, gan->generator.params, n * sizeof(nn_real)) == 0,
				  "%s: %d threads, chunk %d: bit for bit the same again", name, threads, chunk);
		}
}

/* ---- interrupts and divergence ---- */

static volatile int interrupt_flag = 0;

/* Raises the flag when asked for the generator's noise: the discriminator's updates are done. */
static void
interrupting_noise(void *arg, int64_t step, int draw, int first, int count, nn_real *z)
{
	int		   *armed = arg;

	for (int i = 0; i < count * 5; i++)
		z[i] = (nn_real) pseudo(9 + (int) step * 3 + draw, (size_t) (first * 5 + i), 1);
	/* thread 0, which looks at it */
	if (*armed && draw == 2 && first == 0)
		interrupt_flag = 1;
}

static void
check_interrupt(void)
{
	Pair	   *pair = pair_make(small_generator, N(small_generator), normalized_discriminator,
								 N(normalized_discriminator), "{\"kind\":\"adam\"}");
	NNGan	   *gan = &pair->gan;
	size_t		n = pair->generator->model->n_params;
	nn_real    *expected = kept(n * sizeof(nn_real));
	int			armed = 0;
	size_t		done = 99;
	NNRunResult result;

	gan->discriminator_steps = 2;
	gan->source = interrupting_noise;
	gan->source_arg = &armed;
	pair_rows(pair, 26, 5, 1);
	pair_reset(pair, 13, 2, 3);
	(void) pair_train(pair, 0, 26, &done);
	memcpy(expected, gan->generator.params, n * sizeof(nn_real));

	pair_reset(pair, 13, 2, 3);
	nn_pool_watch(&interrupt_flag);
	interrupt_flag = 1;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_INTERRUPTED && done == 0 && gan->discriminator.step == 0,
		  "an interrupt stops the first update");
	CHECK(memcmp(gan->discriminator.params, pair->discriminator->start,
				 pair->discriminator->model->n_params * sizeof(nn_real)) == 0, "and changes nothing");
	interrupt_flag = 0;
	armed = 1;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_INTERRUPTED && done == 0 && gan->discriminator.step == 2 &&
		  gan->generator.step == 0 && gan->draw == 2, "another one stops between updates");
	CHECK(memcmp(gan->generator.params, pair->generator->start, n * sizeof(nn_real)) == 0,
		  "before the generator's");
	interrupt_flag = armed = 0;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_DONE && done == 26 && gan->discriminator.step == 4 &&
		  gan->generator.step == 2, "training goes on after them");
	CHECK(memcmp(expected, gan->generator.params, n * sizeof(nn_real)) == 0, "to the same weights");
	nn_pool_watch(NULL);
}

static void
check_divergence(void)
{
	Pair	   *pair = pair_make(small_generator, N(small_generator), small_discriminator,
								 N(small_discriminator), "{\"kind\":\"adam\"}");
	size_t		done;

	pair_rows(pair, 13, 6, 1);
	pair_reset(pair, 13, 2, 0);
	pair->gan.generator.params[0] = (nn_real) NAN;
	CHECK(pair_train(pair, 0, 13, &done) == NN_RUN_DIVERGED && done == 0 &&
		  pair->gan.discriminator.step == 0, "a NaN ends training");
}

/* ---- what is refused ---- */

static const NetworkLayer wide_generator[] = {INPUT(5), TANH(4)};
static const NetworkLayer wide_discriminator[] = {INPUT(3), TANH(2)};
static const NetworkLayer learning_discriminator[] = {
	INPUT(3), {"normalization", NULL, NULL, "{}"}, SIGMOID
};
static const NetworkLayer endless_generator[] = {
	{"input", NULL, NULL, "{\"shape\":[null,5]}"}, TANH(3)
};

static void
check_refused(const NetworkLayer *generator, int n_generator, const NetworkLayer *discriminator,
			  int n_discriminator, NNGanLoss loss, double smoothing, const char *expected)
{
	Pair	   *pair = pair_make(generator, n_generator, discriminator, n_discriminator,
								 "{\"kind\":\"sgd\"}");
	NNError		error = {0};

	pair->gan.generator = pair->generator->run;
	pair->gan.generator.params = pair->generator->start;
	pair->gan.discriminator = pair->discriminator->run;
	pair->gan.discriminator.params = pair->discriminator->start;
	pair->gan.loss = loss;
	pair->gan.smoothing = smoothing;
	CHECK(!nn_gan_check(&pair->gan, &error) && strstr(error.message, expected) != NULL,
		  "refused: %s", error.message);
}

static void
check_refusals(void)
{
	check_refused(NETWORKS(wide_generator, small_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "has shape (4), 4 values, but the discriminator's input has shape (3), 3 values");
	check_refused(NETWORKS(small_generator, wide_discriminator), NN_GAN_LEAST_SQUARES, 0,
				  "it must be one number");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_CROSSENTROPY, 0, "sigmoid");
	check_refused(NETWORKS(small_generator, learning_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "has not learned from rows");
	check_refused(NETWORKS(endless_generator, small_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "fixed shape");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_WASSERSTEIN, 0, "clip");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_WASSERSTEIN, 0.1, "label_smoothing");
}

/* Weights are clipped, and only what learns. */
static void
check_clip(void)
{
	Pair	   *pair = pair_make(small_generator, N(small_generator), small_critic, N(small_critic),
								 "{\"kind\":\"adam\"}");
	double		largest = 0;
	size_t		done;

	pair->gan.loss = NN_GAN_WASSERSTEIN;
	pair->gan.clip = 0.02;
	pair_rows(pair, 26, 7, 1);
	pair_reset(pair, 13, 3, 0);
	(void) pair_train(pair, 0, 26, &done);
	for (size_t i = 0; i < pair->discriminator->model->n_params; i++)
		largest = fmax(largest, fabs((double) pair->gan.discriminator.params[i]));
	CHECK(largest > 0.0199 && largest < 0.0200001, "weights of a critic stay within clip (%.6f)", largest);
}

/* ---- noise ---- */

static void
check_noise(NNNoise noise, double variance, double fourth)
{
	enum {DRAWS = 200000};
	static nn_real z[DRAWS];
	static nn_real other[DRAWS];
	double		sums[5] = {0};
	double		neighbours = 0;
	double		largest = 0;

	nn_noise(noise, 11, 3, z, DRAWS);
	nn_noise(noise, 11, 3, other, 77);
	CHECK(memcmp(z, other, 77 * sizeof(nn_real)) == 0, "noise of an element does not depend on the others");
	nn_noise(noise, 11, 4, other, DRAWS);
	for (int i = 0; i < DRAWS; i++)
	{
		double		x = (double) z[i];

		sums[0] += x;
		sums[1] += x * x;
		sums[2] += x * x * x;
		sums[3] += x * x * x * x;
		sums[4] += x * (double) other[i];
		neighbours += i > 0 ? x * (double) z[i - 1] : 0;
		largest = fmax(largest, fabs(x));
	}
	CHECK(fabs(sums[0] / DRAWS) < 0.01 && fabs(sums[2] / DRAWS) < 0.05, "noise %d is centered", (int) noise);
	CHECK(fabs(sums[1] / DRAWS - variance) < 0.01, "its variance (%.4f)", sums[1] / DRAWS);
	CHECK(fabs(sums[3] / DRAWS - fourth) < 0.1, "its fourth moment (%.4f)", sums[3] / DRAWS);
	CHECK(fabs(sums[4] / DRAWS) < 0.01 && fabs(neighbours / DRAWS) < 0.01, "neighbours are independent");
	CHECK(noise == NN_NOISE_UNIFORM ? largest <= 1 : largest > 3.5 && largest < 6.8,
		  "its largest (%.3f)", largest);
}

/* One of the few samples whose bits come next to the logarithm of 0. */
static void
check_rare_noise(void)
{
	nn_real		z[16];
	double		length;

	nn_noise(NN_NOISE_NORMAL, 11, 2390635, z, 16);
	for (int i = 0; i < 16; i++)
		CHECK(isfinite((double) z[i]) && fabs((double) z[i]) < 7, "rare noise is finite");
	length = hypot((double) z[4], (double) z[5]);
	CHECK(length > 6.2 && length < 6.8, "a radius is at most 6.8 (%.3f)", length);
}

int
main(void)
{
	(void) nn_blas_load();
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	for (int i = 0; i < N(goldens); i++)
		for (int threads = 1; threads <= 3; threads++)
			check_keras(&goldens[i], threads);
#ifdef NN_DOUBLE
	for (int threads = 1; threads <= 3; threads += 2)
		for (int chunk = 0; chunk <= 2; chunk += 2)
		{
			check_gradient("cross-entropy", NETWORKS(small_generator, dropping_discriminator),
						   NN_GAN_CROSSENTROPY, threads, chunk);
			check_gradient("normalized", NETWORKS(normalized_generator, normalized_discriminator),
						   NN_GAN_CROSSENTROPY, threads, chunk);
			check_gradient("least squares", NETWORKS(small_generator, normalized_discriminator),
						   NN_GAN_LEAST_SQUARES, threads, chunk);
			check_gradient("wasserstein", NETWORKS(normalized_generator, small_critic),
						   NN_GAN_WASSERSTEIN, threads, chunk);
		}
#endif
	check_sharing("plain", NETWORKS(small_generator, dropping_discriminator));
	check_sharing("normalized", NETWORKS(normalized_generator, normalized_discriminator));
	check_sharing("one of them normalized", NETWORKS(small_generator, normalized_discriminator));
	check_interrupt();
	check_divergence();
	check_refusals();
	check_clip();
	check_noise(NN_NOISE_NORMAL, 1, 3);
	check_noise(NN_NOISE_UNIFORM, 1.0 / 3, 1.0 / 5);
	check_rare_noise();
	nn_pool_end();
	return unit_done();
}
