/*
 * train_ctc.c
 *	  The loss of sequences against the sum over all paths, which few steps and classes
 *	  allow; its gradient against differences (in double); masks, weights, targets that
 *	  are empty, as long as can be, or longer; far logits.
 */
#include <stdlib.h>
#include <string.h>

#include "core/losses/loss.h"
#include "test/unit/unit.h"

#define MOST_STEPS 70
#define MOST_CLASSES 9
#define MOST_SAMPLES 3
#define N (MOST_SAMPLES * MOST_STEPS * MOST_CLASSES)

typedef struct Batch
{
	int samples, steps, classes;
	nn_real y[N];
	int32_t target[MOST_SAMPLES * MOST_STEPS];
	uint8_t mask[MOST_SAMPLES * MOST_STEPS];
	float weights[MOST_SAMPLES * MOST_STEPS];
	bool masked, weighted;
} Batch;

static bool outputs_stay = true;

/* Runs the loss as plans let it, with the room that it asks for and no more. */
static double
run(const Batch *batch, nn_real *dy)
{
	NNLoss loss;
	size_t room;
	nn_real *scratch;
	nn_real y[N];
	double sum;
	NNLossPass pass = {
		.rows = (size_t) (batch->samples * batch->steps),
		.width = batch->classes,
		.sample_rows = (size_t) batch->steps,
		.y = y,
		.index = batch->target,
		.mask = batch->masked ? batch->mask : NULL,
		.weights = batch->weighted ? batch->weights : NULL,
		.dy = dy,
	};

	memcpy(y, batch->y, sizeof(y));
	nn_loss_set(&loss, nn_loss_find("ctc"));
	room = nn_loss_room(&loss, pass.sample_rows) * sizeof(nn_real);
	scratch = aligned_alloc(NN_ALIGN, (room + NN_ALIGN - 1) & ~(size_t) (NN_ALIGN - 1));
	memset(scratch, 0xff, room);
	pass.scratch = scratch;
	sum = nn_loss_of_outputs(&loss, &pass);
	outputs_stay = outputs_stay && memcmp(y, batch->y, sizeof(y)) == 0;
	free(scratch);
	return sum;
}

static void
fill(Batch *batch, int samples, int steps, int classes, double scale, uint64_t seed)
{
	NNRandom random = nn_random(seed, 3);

	memset(batch, 0, sizeof(*batch));
	*batch = (Batch){.samples = samples, .steps = steps, .classes = classes};
	for (int i = 0; i < samples * steps * classes; i++)
		batch->y[i] = (nn_real) (scale * nn_random_normal(&random));
	for (int i = 0; i < samples * steps; i++)
	{
		batch->mask[i] = 1;
		batch->weights[i] = 1;
	}
}

/* ---- all paths ---- */

/* The log of the sum over all paths that spell the target; steps and classes are few. */
static double
all_paths(const nn_real *y, int steps, int classes, const int32_t *target, int n)
{
	double sum = 0;
	long paths = 1;

	for (int t = 0; t < steps; t++)
		paths *= classes;
	for (long path = 0; path < paths; path++)
	{
		double p = 1;
		long rest = path;
		int before = 0;
		int spelled = 0;
		bool same = true;

		for (int t = 0; t < steps; t++, rest /= classes)
		{
			int class = (int) (rest % classes);
			double norm = 0;

			for (int c = 0; c < classes; c++)
				norm += exp((double) y[t * classes + c]);
			p *= exp((double) y[t * classes + class]) / norm;
			if (class != 0 && class != before)
			{
				same = same && spelled < n && target[spelled] == class;
				spelled++;
			}
			before = class;
		}
		if (same && spelled == n)
			sum += p;
	}
	return log(sum);
}

static void
test_paths(void)
{
	static const int32_t targets[][5] = {
		{0}, {1}, {2, 1}, {1, 1}, {2, 2, 1}, {1, 2, 1}, {1, 2, 1, 2}, {1, 2, 1, 2, 1}, {2, 2, 2},
	};
	Batch batch;

	for (int steps = 1; steps <= 6; steps++)
		for (int classes = 2; classes <= 3; classes++)
			for (int k = 0; k < NN_ARRAY_LENGTH(targets); k++)
			{
				int n = 0;
				bool fits = true;

				while (n < 5 && targets[k][n] != 0)
				{
					fits = fits && targets[k][n] < classes;
					n++;
				}
				if (!fits || (int) nn_sequence_steps(targets[k], (size_t) n) > steps)
					continue;
				fill(&batch, 1, steps, classes, 1, (uint64_t) (steps * 10 + k));
				memcpy(batch.target, targets[k], (size_t) n * sizeof(int32_t));
				CHECK_CLOSE(run(&batch, NULL), -all_paths(batch.y, steps, classes, targets[k], n),
#ifdef NN_DOUBLE
							1e-12
#else
							1e-6
#endif
				);
			}
}

static void
test_steps(void)
{
	static const int32_t repeats[] = {3, 3, 1, 3, 3, 3};

	CHECK(nn_sequence_steps(repeats, 0) == 0 && nn_sequence_steps(repeats, 1) == 1 &&
			  nn_sequence_steps(repeats, 2) == 3 && nn_sequence_steps(repeats, 6) == 9,
		  "equal classes need a blank between them");
}

/* ---- gradients ---- */

/* Targets of several lengths, with repeats where they fit: none, some, as long as can be. */
static void
fill_targets(Batch *batch, uint64_t seed)
{
	NNRandom random = nn_random(seed, 4);

	for (int s = 0; s < batch->samples; s++)
	{
		int32_t *target = batch->target + s * batch->steps;
		int shown = 0;
		int most;

		for (int t = 0; t < batch->steps; t++)
			shown += !batch->masked || batch->mask[s * batch->steps + t] != 0;
		most = s == 0 ? 0 : s == 1 ? shown : shown / 2;
		for (int n = 0; n < most; n++)
		{
			target[n] = 1 + (int32_t) nn_random_below(&random, (uint64_t) batch->classes - 1);
			if ((int) nn_sequence_steps(target, (size_t) n + 1) > shown)
				target[n] = 0;
			if (target[n] == 0)
				break;
		}
	}
}

static void
test_gradient(int steps, int classes, bool masked, bool weighted)
{
#ifdef NN_DOUBLE
	const double h = 1e-6;
#endif
	static Batch batch;
	static nn_real dy[N];
	double most = 0;
	double sum = 0;
	double hidden = 0;

	fill(&batch, MOST_SAMPLES, steps, classes, 1, (uint64_t) (steps * classes));
	batch.masked = masked;
	batch.weighted = weighted;
	for (int r = 0; r < MOST_SAMPLES * steps; r++)
	{
		batch.mask[r] = !masked || r % 4 != 2 || steps == 1;
		/* of a sample: the mean of its steps that count */
		batch.weights[r] = (float) (r / steps) + (r % steps == 0 ? 0.5f : 0);
	}
	fill_targets(&batch, (uint64_t) steps);
	memset(dy, 0xff, sizeof(dy));
	CHECK(isfinite(run(&batch, dy)), "%d steps: finite", steps);
	for (int i = 0; i < MOST_SAMPLES * steps * classes; i++)
	{
		sum += (double) dy[i];
		hidden += masked && batch.mask[i / classes] == 0 ? fabs((double) dy[i]) : 0;
#ifdef NN_DOUBLE
		if (i % (1 + steps * classes / 60) == 0)
		{
			nn_real start = batch.y[i];
			double up, down;

			batch.y[i] = start + h;
			up = run(&batch, NULL);
			batch.y[i] = start - h;
			down = run(&batch, NULL);
			batch.y[i] = start;
			most = fmax(most, fabs((up - down) / (2 * h) - dy[i]));
		}
#endif
	}
	CHECK(most < 1e-7, "%d steps of %d classes%s%s: gradient is the derivative (%.1e)", steps,
		  classes, masked ? ", masked" : "", weighted ? ", weighted" : "", most);
	CHECK(hidden == 0, "%d steps: 0 where hidden", steps);
	CHECK(fabs(sum) < 1e-4, "%d steps: what one logit gains others lose", steps);
}

static void
test_gradients(void)
{
	/* one stretch, several, whole and not */
	static const int steps[] = {1, 2, 3, 4, 5, 8, 9, 10, 16, 17, 64, 70};

	for (int i = 0; i < NN_ARRAY_LENGTH(steps); i++)
		for (int more = 0; more < 4; more++)
			test_gradient(steps[i], i % 2 == 0 ? 3 : MOST_CLASSES, (more & 1) != 0,
						  (more & 2) != 0);
	test_gradient(17, 2, false, false);
}

/* ---- what counts ---- */

/* Hidden steps are as if they were not there. */
static void
test_mask(void)
{
	static Batch whole, rest;
	nn_real all[N], some[N];
	double loss;
	int shown = 0;
	double most = 0;

	fill(&whole, 1, 9, 4, 2, 8);
	whole.masked = true;
	fill(&rest, 1, 6, 4, 2, 8);
	for (int t = 0; t < 9; t++)
	{
		whole.mask[t] = t % 3 != 1;
		if (whole.mask[t] != 0)
			memcpy(rest.y + shown++ * 4, whole.y + t * 4, 4 * sizeof(nn_real));
	}
	memcpy(whole.target, (int32_t[]){3, 3, 1}, 3 * sizeof(int32_t));
	memcpy(rest.target, whole.target, 3 * sizeof(int32_t));
	loss = run(&rest, some);
	CHECK_CLOSE(run(&whole, all), loss, 1e-12 * loss);
	shown = 0;
	for (int t = 0; t < 9; t++)
	{
		for (int c = 0; c < 4; c++)
		{
			double expected = whole.mask[t] != 0 ? (double) some[shown * 4 + c] : 0;

			most = fmax(most, fabs((double) all[t * 4 + c] - expected));
		}
		shown += whole.mask[t] != 0;
	}
	CHECK(most < 1e-12, "hidden steps are left out (%g)", most);
	memset(whole.mask, 0, sizeof(whole.mask));
	CHECK(run(&whole, all) == 0 && all[0] == 0, "a sample without a step is none");
}

/* Too long a target is infinite, and does not spoil the gradient's buffer; of weight 0 it is nothing. */
static void
test_too_long(void)
{
	static Batch batch;
	nn_real dy[N];
	double sum = 0;

	fill(&batch, 2, 4, 3, 1, 9);
	memcpy(batch.target, (int32_t[]){1, 1, 1, 0, 2}, 5 * sizeof(int32_t));
	CHECK(run(&batch, dy) == INFINITY, "three equal classes in four steps");
	for (int i = 0; i < 12; i++)
		sum += fabs((double) dy[i]);
	CHECK(sum == 0, "no gradient");
	batch.weighted = true;
	memset(batch.weights, 0, 4 * sizeof(float));
	CHECK(isfinite(run(&batch, dy)) && dy[0] == 0 && dy[12] != 0, "of weight 0");
	memcpy(batch.target, (int32_t[]){1, 1, 2, 0}, 4 * sizeof(int32_t));
	batch.weighted = false;
	CHECK(isfinite(run(&batch, dy)), "as long as can be");
}

/* Far logits neither overflow nor lose the loss; NaN comes through. */
static void
test_extremes(void)
{
	static Batch batch;
	nn_real dy[N];

	fill(&batch, 1, 3, 3, 0, 1);
	batch.target[0] = 1;
	for (int t = 0; t < 3; t++)
		batch.y[t * 3 + 2] = 1000;
	/* the best paths give one step or all of them the class, and blanks to the others */
	CHECK_CLOSE(run(&batch, dy), 3000 - log(6), 1e-3);
	CHECK(fabs((double) dy[2] - 1) < 1e-6 && fabs((double) dy[8] - 1) < 1e-6 && dy[1] < 0 &&
			  dy[7] < 0,
		  "far logits");
	batch.y[4] = (nn_real) NAN;
	CHECK(isnan(run(&batch, dy)), "NaN comes through");
}

int
main(void)
{
	test_steps();
	test_paths();
	test_gradients();
	test_mask();
	test_too_long();
	test_extremes();
	CHECK(outputs_stay, "outputs stay as they are");
	return unit_done();
}
