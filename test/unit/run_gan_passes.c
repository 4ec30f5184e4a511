/*
 * run_gan_passes.c
 *	  The discriminator's update, which real and made rows bring about together in
 *	  passes of their own, beside that of one batch of both: of tables as well,
 *	  whose gradients count place by place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/losses/loss.h"
#include "core/train/gan.h"
#include "test/unit/gan_pair.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

enum
{
	BATCH = 13,
	STEPS = 3,
	NOISE = 4,
	IDS = 2, /* of a row, given to both */
	POINT = 3,
};

#ifdef NN_DOUBLE
#define ALIKE 1e-6 /* records are of floats */
#else
#define ALIKE 1e-4
#endif

#define SIDE                                     \
	{                                            \
		"input", "side", NULL, "{\"shape\":[2]}" \
	}
#define JUDGED                                    \
	{                                             \
		"input", "point", NULL, "{\"shape\":[3]}" \
	}
#define TABLE(rows, of)                                                        \
	{                                                                          \
		"embedding", "table", of, "{\"input_dim\":" #rows ",\"output_dim\":4}" \
	}
#define BESIDE                                   \
	{"flatten", "about", NULL, "{}"},            \
	{                                            \
		"concatenate", NULL, "point about", "{}" \
	}

static const NetworkLayer generator[] = {
	{"input", "noise", NULL, "{\"shape\":[4]}"},
	SIDE,
	{"concatenate", NULL, "noise side", "{}"},
	TANH(3),
};
static const NetworkLayer small_table[] = {
	SIDE, JUDGED, TABLE(7, "side"), BESIDE, TANH(8), SIGMOID,
};
static const NetworkLayer critic_table[] = {
	SIDE, JUDGED, TABLE(7, "side"), BESIDE, TANH(8), LINEAR,
};
/* one gradient of it for all threads */
static const NetworkLayer large_table[] = {
	SIDE, JUDGED, TABLE(65536, "side"), BESIDE, TANH(8), SIGMOID,
};
/* and each pass draws ids of its own, more of them than a batch has places */
static const NetworkLayer drawn_table[] = {
	SIDE,
	JUDGED,
	{"rescaling", NULL, "side", "{\"scale\":0.001}"},
	{"gaussian_noise", NULL, NULL, "{\"stddev\":1}"},
	{"rescaling", "drawn", NULL, "{\"scale\":1000}"},
	TABLE(65536, "drawn"),
	BESIDE,
	SIGMOID,
};

static void
fixed_noise(void *arg, int64_t step, int draw, int first, int count, nn_real *z)
{
	(void) arg;
	for (size_t i = 0; i < (size_t) count * NOISE; i++)
		z[i] = (nn_real) pair_pseudo(70 + (int) step * 2 + draw, (size_t) first * NOISE + i, 1);
}

static float *
x_of(const NNRecordFormat *format, void *record, int input)
{
	return (float *) ((char *) record + nn_record_x_at(format, &(NNRecordHead){0}, input));
}

/* A generator that stands still, and rows whose ids are few, far apart from each other. */
static Pair *
make_pair(const NetworkLayer *discriminator, int n, const char *optimizer, NNGanLoss loss,
		  int apart)
{
	Pair *pair = pair_make(generator, N(generator), discriminator, n, optimizer);

	pair->gan.loss = loss;
	pair->gan.clip = loss == NN_GAN_WASSERSTEIN ? 100 : 0;
	pair->gan.source = fixed_noise;
	pair->generator->optimizer.schedule.rate = 0;
	pair_rows(pair, STEPS * BATCH, 3, 1);
	for (size_t r = 0; r < pair->n_records; r++)
		for (size_t i = 0; i < IDS; i++)
			x_of(pair->discriminator->format, pair->records[r], 0)[i] =
				(float) (apart * (int) (3.5 + pair_pseudo(17, r * IDS + i, 3.4)));
	return pair;
}

/* What the generator makes of the rows of a step, for the discriminator's update. */
static void
make_rows(Pair *pair, size_t step, nn_real *made)
{
	NNRun run = pair->gan.generator;
	NNPlanRequest request = {.batch = BATCH, .threads = 1};
	NNError error = {0};
	nn_real x[BATCH * (NOISE + IDS)];

	for (size_t i = 0; i < BATCH; i++)
	{
		nn_real *z = x + i * (NOISE + IDS);
		const float *ids = x_of(pair->discriminator->format, pair->records[step * BATCH + i], 0);

		fixed_noise(NULL, (int64_t) step, 0, (int) i, 1, z);
		for (size_t k = 0; k < IDS; k++)
			z[NOISE + k] = (nn_real) ids[k];
	}
	run.plan = pair_kept(nn_plan_bytes(run.model));
	CHECK(nn_plan_make(run.plan, run.model, &request, &error), "a plan for the generator's rows");
	run.workspace = pair_kept(nn_plan_workspace(run.plan));
	(void) nn_predict_reals(&run, x, BATCH, made);
}

/* The discriminator by itself, with batches of real rows and of those made beside them. */
static Network *
make_alone(Pair *pair, const NetworkLayer *discriminator, int n, const char *optimizer)
{
	bool crossentropy = pair->gan.loss == NN_GAN_CROSSENTROPY;
	Network *alone = network_make(discriminator, n, crossentropy ? "binary_crossentropy" : "mse",
								  NULL, optimizer);
	NNRecordHead head = {0};
	nn_real made[BATCH * POINT];

	alone->objectives = pair->gan.objectives;
	alone->objectives.of[0].weight = nn_gan_loss_weight(pair->gan.loss);
	nn_record_format(alone->format, alone->model, &alone->objectives);
	alone->n_records = 2 * pair->n_records;
	alone->records = calloc(alone->n_records, sizeof(void *));
	for (size_t r = 0; r < alone->n_records; r++)
	{
		size_t step = r / (2 * BATCH);
		size_t row = r % BATCH;
		bool real = r % (2 * BATCH) < BATCH;
		char *record = pair_kept(nn_record_bytes(alone->format, &head));

		if (r % (2 * BATCH) == 0)
			make_rows(pair, step, made);
		memcpy(x_of(alone->format, record, 0),
			   x_of(pair->discriminator->format, pair->records[step * BATCH + row], 0),
			   (IDS + POINT) * sizeof(float));
		for (size_t i = 0; i < POINT && !real; i++)
			x_of(alone->format, record, 1)[i] = (float) made[row * POINT + i];
		*(float *) (record + nn_record_target_at(alone->format, &head, 0)) =
			real ? NN_GAN_REAL : NN_GAN_FAKE;
		alone->records[r] = record;
	}
	return alone;
}

/* The largest difference of what is learned and of what the optimizer keeps. */
static double
distance(const NNRun *a, const NNRun *b)
{
	size_t n = a->model->n_params;
	double worst = reals_distance(a->params, b->params, n);

	for (int s = 0; s < a->optimizer->n_slots; s++)
		worst = fmax(worst, reals_distance(a->slots[s], b->slots[s], n));
	return worst;
}

static void
check_one_batch(const char *name, const NetworkLayer *discriminator, int n, int apart,
				const char *optimizer, NNGanLoss loss)
{
	Pair *pair = make_pair(discriminator, n, optimizer, loss, apart);
	Network *alone;
	size_t done;

	pair_reset(pair, BATCH, 1, 0);
	alone = make_alone(pair, discriminator, n, optimizer);
	network_reset(alone, 2 * BATCH, 1, 0, true);
	(void) network_train(alone, alone->n_records);
	CHECK(reals_distance(alone->run.params, alone->start, alone->model->n_params) > 10 * ALIKE,
		  "%s, %s: it learns", name, optimizer);
	for (int threads = 1; threads <= 3; threads++)
	{
		double worst;

		pair_reset(pair, BATCH, threads, threads == 2 ? 2 : 0);
		CHECK(pair_train(pair, 0, pair->n_records, &done) == NN_RUN_DONE, "%s: it is trained",
			  name);
		worst = distance(&pair->gan.discriminator, &alone->run);
		CHECK(worst < ALIKE, "%s, %s, %d threads: as with one batch of both (%.2g)", name,
			  optimizer, threads, worst);
	}
}

/* Whoever counts places only once has no room for the second pass's rows. */
static void
check_drawn(void)
{
	Pair *pair = make_pair(drawn_table, N(drawn_table), "{\"kind\":\"adam\",\"clipnorm\":0.02}",
						   NN_GAN_CROSSENTROPY, 9000);
	NNRun *run = &pair->gan.discriminator;
	NNRun first;
	size_t done;

	for (size_t r = 0; r < pair->n_records; r++)
		for (size_t i = 0; i < IDS; i++)
			x_of(pair->discriminator->format, pair->records[r], 0)[i] += 5000;
	for (int threads = 1; threads <= 3; threads++)
	{
		pair_reset(pair, BATCH, threads, 0);
		CHECK(pair_train(pair, 0, pair->n_records, &done) == NN_RUN_DONE, "drawn: it is trained");
		if (threads == 1)
		{
			first = *run;
			first.params = reals_copy(run->params, run->model->n_params);
			for (int s = 0; s < run->optimizer->n_slots; s++)
				first.slots[s] = reals_copy(run->slots[s], run->model->n_params);
		}
		CHECK(distance(run, &first) < ALIKE, "drawn: %d threads train alike", threads);
	}
	free(first.params);
	for (int s = 0; s < run->optimizer->n_slots; s++)
		free(first.slots[s]);
}

static const char *const optimizers[] = {
	"{\"kind\":\"adam\",\"learning_rate\":0.01}",
	"{\"kind\":\"adam\",\"learning_rate\":0.01,\"clipnorm\":0.02}",
	"{\"kind\":\"adam\",\"learning_rate\":0.01,\"global_clipnorm\":0.05}",
	"{\"kind\":\"sgd\",\"learning_rate\":0.5,\"clipnorm\":0.02}",
	"{\"kind\":\"sgd\",\"learning_rate\":0.5,\"momentum\":0.9,\"global_clipnorm\":0.05}",
	"{\"kind\":\"sgd\",\"learning_rate\":0.5,\"clipvalue\":0.002}",
	"{\"kind\":\"rmsprop\",\"learning_rate\":0.01,\"clipvalue\":0.002}",
	"{\"kind\":\"adamax\",\"learning_rate\":0.01,\"clipnorm\":0.02}",
	"{\"kind\":\"lamb\",\"learning_rate\":0.01,\"clipnorm\":0.02}",
	"{\"kind\":\"adam\",\"learning_rate\":0.01,\"clipnorm\":0.02,\"gradient_accumulation_steps\":"
	"2}",
};

int
main(void)
{
	(void) nn_blas_load(NULL);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	for (int i = 0; i < N(optimizers); i++)
	{
		check_one_batch("small", small_table, N(small_table), 1, optimizers[i],
						NN_GAN_CROSSENTROPY);
		check_one_batch("squares", critic_table, N(critic_table), 1, optimizers[i],
						NN_GAN_LEAST_SQUARES);
		check_one_batch("critic", critic_table, N(critic_table), 1, optimizers[i],
						NN_GAN_WASSERSTEIN);
		check_one_batch("large", large_table, N(large_table), 9000, optimizers[i],
						NN_GAN_CROSSENTROPY);
	}
	check_drawn();
	nn_pool_end();
	return unit_done();
}
