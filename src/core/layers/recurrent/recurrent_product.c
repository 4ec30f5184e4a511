/*
 * recurrent_product.c
 *	  The matrix products of recurrent layers, for all steps at once or for
 *	  one, and what dropout does to their operands.
 *
 * A block names some neighbouring gates and where they stand in z.  Where each
 * gate drops on its own, each has a product of its own; else one does for all.
 */
#include "core/layers/recurrent/recurrent.h"

/* ---- dropout ---- */

static NN_HOT(void, draw,
			  (nn_real *restrict to, size_t n, uint64_t seed, uint32_t first, uint32_t threshold,
			   nn_real scale),
			  (to, n, seed, first, threshold, scale))
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] = nn_hash32(seed, first + (uint32_t) i) < threshold ? (nn_real) 0 : scale;
}

/* Of sample number s of the chunk: both directions of bidirectional draw apart. */
static uint64_t
seed_of(const NNLayer *layer, const RecurrentRun *run, size_t s)
{
	const NNPass *pass = run->pass;
	const uint64_t draws = (uint64_t) run->conf->draws;

	if (run->conf->seed != NN_NO_SEED)
		return nn_mix(nn_draw_seed(layer, pass, run->conf->seed, (int) s), draws, 0, 0);
	return nn_mix(pass->seed, (uint64_t) pass->iteration, (uint64_t) layer->index | draws << 32,
				  (uint64_t) pass->first_sample + s);
}

void
nn_recurrent_draw(const NNLayer *layer, const RecurrentRun *run, nn_real *to, int masks, size_t n,
				  double rate, uint32_t first)
{
	const size_t batch = (size_t) run->batch;

	for (size_t s = 0; s < batch; s++)
	{
		uint64_t seed = seed_of(layer, run, s);

		for (size_t m = 0; m < (size_t) masks; m++)
		{
			nn_real *at = to + (m * batch + s) * n;

			if (rate >= 1)
				nn_zero(at, n);
			else
				draw(at, n, seed, first + (uint32_t) (m * n), (uint32_t) (rate * 4294967296.0),
					 (nn_real) (1 / (1 - rate)));
		}
	}
}

/* to (rows, n) = x * mask, where the mask (batch, n) repeats. */
NN_HOT(void, nn_recurrent_multiply,
	   (nn_real *const to, const nn_real *x, const nn_real *mask, size_t steps, size_t n),
	   (to, x, mask, steps, n))
{
	for (size_t t = 0; t < steps; t++)
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			to[t * n + i] = x[t * n + i] * mask[i];
}

/* ---- products ---- */

void
nn_recurrent_product(const RecurrentStep *step, const RecurrentBlock *block, const nn_real *h,
					 int ldh, bool plain)
{
	const RecurrentRun *run = step->run;
	const int units = run->units;
	const nn_real *w = run->recurrent + block->gate * units;
	nn_real *z = step->z + block->column * units;

	if (plain || run->drop_h == NULL)
	{
		if (!nn_gemm_packed(&run->packed_recurrent, block->gate * units, block->n * units,
							run->batch, h, ldh, z, run->width, z, run->width))
			nn_gemm(false, false, run->batch, block->n * units, units, 1, h, ldh, w, run->stride, 1,
					z, run->width);
		return;
	}
	for (int g = 0; g < block->n; g++)
	{
		nn_recurrent_multiply(run->state_part, h, nn_recurrent_drop(run, block->gate + g), 1,
							  (size_t) run->batch * (size_t) units);
		nn_gemm(false, false, run->batch, units, units, 1, run->state_part, units, w + g * units,
				run->stride, 1, z + g * units, run->width);
	}
}

void
nn_recurrent_product_back(const RecurrentStep *step, const RecurrentBlock *block, nn_real beta,
						  nn_real *dh, int ldh, bool plain)
{
	const RecurrentRun *run = step->run;
	const int units = run->units;
	const nn_real *w = run->recurrent + block->gate * units;
	const nn_real *d = step->d + block->column * units;
	const size_t n = (size_t) run->batch * (size_t) units;

	if (plain || run->drop_h == NULL)
	{
		if (block->n == run->cell->gates && beta == 1 &&
			nn_gemm_packed(&run->packed_turned, 0, units, run->batch, d, run->width, dh, ldh, dh,
						   ldh))
			return;
		if (run->turned != NULL)
			nn_gemm(false, false, run->batch, units, block->n * units, 1, d, run->width,
					run->turned + (size_t) (block->gate * units) * (size_t) units, units, beta, dh,
					ldh);
		else
			nn_gemm(false, true, run->batch, units, block->n * units, 1, d, run->width, w,
					run->stride, beta, dh, ldh);
		return;
	}
	for (int g = 0; g < block->n; g++)
	{
		nn_gemm(false, true, run->batch, units, units, 1, d + g * units, run->width, w + g * units,
				run->stride, 0, run->state_part, units);
		nn_recurrent_multiply(run->state_part, run->state_part,
							  nn_recurrent_drop(run, block->gate + g), 1, n);
		nn_add(dh, run->state_part, n);
	}
}

/* The biases as a row of z. */
void
nn_recurrent_bias(const RecurrentRun *run)
{
	const int units = run->units;
	const size_t second = (size_t) run->cell->gates * (size_t) units;

	nn_zero(run->row, (size_t) run->width);
	if (run->bias == NULL)
		return;
	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *input = &run->cell->input[i];
		const RecurrentBlock *state = &run->cell->state[i];

		nn_add(run->row + input->column * units, run->bias + input->gate * units,
			   (size_t) (input->n * units));
		if (run->cell->two_biases && run->conf->reset_after)
			nn_add(run->row + state->column * units, run->bias + second + state->gate * units,
				   (size_t) (state->n * units));
	}
}

/* x as a gate's product sees it. */
static const nn_real *
input_of_gate(const RecurrentRun *run, int gate)
{
	const size_t n = (size_t) run->batch * (size_t) run->features;

	if (run->drop_x == NULL || !nn_recurrent_drops_apart(run->conf))
		return run->x;
	nn_recurrent_multiply(run->part, run->x, run->drop_x + (size_t) gate * n, (size_t) run->steps,
						  n);
	return run->part;
}

/* Whether all gates of the input see the same x. */
static bool
one_input(const RecurrentRun *run)
{
	return run->drop_x == NULL || !nn_recurrent_drops_apart(run->conf);
}

/* z = x W + b for steps [from, from + steps) */
void
nn_recurrent_inputs(const RecurrentRun *run, int from, int steps)
{
	const int rows = steps * run->batch;
	const size_t at = (size_t) from * (size_t) run->batch * (size_t) run->features;
	const int units = run->units;
	const int columns = run->cell->gates * units;
	const bool whole = run->packed_kernel.panels != NULL && one_input(run) &&
		run->cell->input[0].n == run->cell->blocks;

	if (!whole)
		nn_fill_rows(run->z, run->row, (size_t) rows, (size_t) run->width);
	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *block = &run->cell->input[i];
		const int step = one_input(run) ? block->n : 1;

		for (int g = 0; g < block->n; g += step)
		{
			const nn_real *x = input_of_gate(run, block->gate + g) + at;
			nn_real *z = run->z + (block->column + g) * units;

			if (!nn_gemm_packed(&run->packed_kernel, (block->gate + g) * units, step * units, rows,
								x, run->features, whole ? run->row : z, whole ? 0 : run->width, z,
								run->width))
				nn_gemm(false, false, rows, step * units, run->features, 1, x, run->features,
						run->kernel + (block->gate + g) * units, columns, 1, z, run->width);
		}
	}
}

/* dW += x' d */
void
nn_recurrent_input_gradients(const RecurrentRun *run, nn_real *dw)
{
	const int rows = run->steps * run->batch;
	const int units = run->units;
	const int columns = run->cell->gates * units;

	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *block = &run->cell->input[i];
		const int step = one_input(run) ? block->n : 1;

		for (int g = 0; g < block->n; g += step)
			nn_gemm_outer(run->features, step * units, rows, input_of_gate(run, block->gate + g),
						  run->features, run->d + (block->column + g) * units, run->width,
						  dw + (block->gate + g) * units, columns);
	}
}

/* dx = d W' */
void
nn_recurrent_input_back(const RecurrentRun *run)
{
	const int rows = run->steps * run->batch;
	const int units = run->units;
	const int columns = run->cell->gates * units;
	const size_t n = (size_t) run->batch * (size_t) run->features;
	bool first = true;

	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *block = &run->cell->input[i];
		const int step = one_input(run) ? block->n : 1;

		for (int g = 0; g < block->n; g += step, first = false)
		{
			nn_real *to = one_input(run) ? run->dx : run->part;

			nn_gemm(false, true, rows, run->features, step * units, 1,
					run->d + (block->column + g) * units, run->width,
					run->kernel + (block->gate + g) * units, columns,
					first || !one_input(run) ? 0 : 1, to, run->features);
			if (one_input(run))
				continue;
			nn_recurrent_multiply(to, to, run->drop_x + (size_t) (block->gate + g) * n,
								  (size_t) run->steps, n);
			if (first)
				nn_copy(run->dx, to, n * (size_t) run->steps);
			else
				nn_add(run->dx, to, n * (size_t) run->steps);
		}
	}
	if (run->drop_x != NULL && one_input(run))
		nn_recurrent_multiply(run->dx, run->dx, run->drop_x, (size_t) run->steps, n);
}

/* dU += h' d */
void
nn_recurrent_state_gradients(const RecurrentRun *run, nn_real *du)
{
	const int units = run->units;
	const int columns = run->cell->gates * units;
	const size_t n = (size_t) run->batch * (size_t) units;
	const int rows = run->steps * run->batch;

	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *block = &run->cell->state[i];
		const bool apart = run->drop_h != NULL && !block->from_z;
		const int step = apart ? 1 : block->n;

		for (int g = 0; g < block->n; g += step)
		{
			const nn_real *h = block->from_z ? run->z + 2 * units : run->h;

			if (apart)
			{
				nn_recurrent_multiply(run->state_part, h, nn_recurrent_drop(run, block->gate + g),
									  (size_t) run->steps, n);
				h = run->state_part;
			}
			nn_gemm_outer(units, step * units, rows, h, block->from_z ? run->width : units,
						  run->d + (block->column + g) * units, run->width,
						  du + (block->gate + g) * units, columns);
		}
	}
}

void
nn_recurrent_bias_gradients(const RecurrentRun *run, nn_real *db)
{
	const int units = run->units;
	const size_t second = (size_t) run->cell->gates * (size_t) units;

	nn_zero(run->row, (size_t) run->width);
	nn_sum_rows(run->row, run->d, (size_t) run->steps * (size_t) run->batch, (size_t) run->width);
	for (int i = 0; i < 2; i++)
	{
		const RecurrentBlock *input = &run->cell->input[i];
		const RecurrentBlock *state = &run->cell->state[i];

		nn_add(db + input->gate * units, run->row + input->column * units,
			   (size_t) (input->n * units));
		if (run->cell->two_biases && run->conf->reset_after)
			nn_add(db + second + state->gate * units, run->row + state->column * units,
				   (size_t) (state->n * units));
	}
}
