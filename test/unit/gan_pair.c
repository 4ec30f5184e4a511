/*
 * gan_pair.c
 *	  Making, planning and training of two networks for tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/gan_pair.h"
#include "test/unit/unit.h"

/* Memory that lives as long as the program hangs on this. */
typedef struct Kept
{
	struct Kept *next;
	void *memory;
} Kept;

static Kept *all_kept = NULL;

static void *
zeroed(size_t bytes)
{
	size_t room = (bytes + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1);
	void *p = aligned_alloc(NN_ALIGN, room);

	memset(p, 0, room);
	return p;
}

void *
pair_kept(size_t bytes)
{
	Kept *kept = malloc(sizeof(Kept));

	kept->memory = zeroed(bytes);
	kept->next = all_kept;
	all_kept = kept;
	return kept->memory;
}

double
pair_pseudo(int seed, size_t i, double scale)
{
	double x = sin((double) i * 12.9898 + seed * 78.233) * 43758.5453;

	return (double) (float) ((2 * (x - floor(x)) - 1) * scale);
}

/* What the plan left to bring: NaN where any content is allowed. */
static void *
unset(size_t bytes)
{
	nn_real *p = zeroed(bytes);

	for (size_t i = 0; i < bytes / sizeof(nn_real); i++)
		p[i] = (nn_real) NAN;
	return p;
}

Pair *
pair_make(const NetworkLayer *generator, int n_generator, const NetworkLayer *discriminator,
		  int n_discriminator, const char *optimizer)
{
	Pair *pair = pair_kept(sizeof(Pair));

	pair->generator = network_make(generator, n_generator, "mse", NULL, optimizer);
	pair->discriminator = network_make(discriminator, n_discriminator, "mse", NULL, optimizer);
	pair->gan.fed = pair_kept(sizeof(NNGanSpan) * NN_GAN_SPANS(pair->generator->model->n_inputs));
	pair->gan.taken =
		pair_kept(sizeof(NNGanSpan) * NN_GAN_SPANS(pair->discriminator->model->n_inputs));
	pair->gan.places = pair_kept((size_t) pair->discriminator->model->n_layers);
	pair->gan.discriminator_steps = 1;
	pair->gan.seed = 5;
	return pair;
}

void
pair_rows(Pair *pair, size_t n, int seed, double scale)
{
	NNRecordFormat *format = pair->discriminator->format;
	NNRecordHead head = {0};
	size_t in = pair->discriminator->in;

	nn_record_format(format, pair->discriminator->model, NULL);
	pair->n_records = n;
	pair->records = calloc(n, sizeof(void *));
	for (size_t r = 0; r < n; r++)
	{
		char *record = zeroed(nn_record_bytes(format, &head));
		float *x = (float *) (record + nn_record_x_at(format, &head, 0));

		for (size_t i = 0; i < in; i++)
			x[i] = (float) pair_pseudo(seed, r * in + i, scale);
		pair->records[r] = record;
	}
}

static void
reset_run(NNRun *run, Network *network, void **workspace)
{
	size_t bytes = nn_plan_workspace(run->plan);

	free(*workspace);
	free(run->grads);
	run->workspace = *workspace = unset(bytes);
	run->grads = zeroed(nn_plan_gradients(run->plan) * sizeof(nn_real));
	memcpy(run->params, network->start, network->model->n_params * sizeof(nn_real));
	for (int s = 0; s < network->optimizer.n_slots; s++)
		memset(run->slots[s], 0, network->model->n_params * sizeof(nn_real));
	run->step = 0;
}

void
pair_reset(Pair *pair, int batch, int threads, int chunk)
{
	NNGan *gan = &pair->gan;
	NNPlanRequest request = {
		.batch = batch,
		.threads = threads,
		.chunk = chunk,
		.force_threads = true,
	};
	NNError error = {0};

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

NNRunResult
pair_train(Pair *pair, size_t from, size_t n, size_t *done)
{
	return nn_gan_records(&pair->gan, (const void *const *) pair->records + from, n, done);
}
