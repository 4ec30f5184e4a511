/*
 * recurrent.c
 *	  What simple_rnn, lstm and gru have in common: shapes, bringing time to
 *	  the front and back, dropout, masks, and the products.
 *
 * Forward:  z = x W + b for all steps at once, then step by step the cell,
 *			 which adds h W' of the state before and makes gates and state.
 * Backward: step by step from the last, the cell makes d, the gradient of z,
 *			 and that of the state before; then dW += x' d, dU += h' d and
 *			 dx = d W' for all steps at once.
 *
 * A hidden step carries the state over and its output repeats the one before,
 * or is 0 (bidirectional).  go_backwards takes each sample from its last step
 * that counts to its first; what follows that last one stays behind, so that
 * padded rows give what they give alone.
 *
 * Dropout draws once a sample and call, for all steps; with recurrent_dropout
 * each gate has masks of its own, as in Keras.
 */
#include "core/layers/recurrent/recurrent.h"

#define KEPT_ROWS 128		 /* outside training: rows of z at a time, so that they stay near */
#define LOOK_STEPS 8		 /* now and then: products of large steps look themselves */
#define SCRATCH_ROUNDING 256 /* reals: what aligning the parts may take */

/* ---- shape ---- */

static bool
check_input(const NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (layer->in[0].rank == 2)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: takes steps of features, an input of 2 dimensions, not %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	if (layer->in[0].rank == 1)
		return nn_hint(
			error,
			layer->in[0].dim[0] == NN_ANY
				? "For one feature a step the input's shape is (NULL, 1)."
				: "For one feature a step the input's shape is (steps, 1); "
				  "a layer before that makes one vector of all steps may need return_sequences.");
	return nn_hint(error, "Make one vector of each step, by reshape or time_distributed(flatten).");
}

static bool
keeps_pre(const RecurrentConf *conf)
{
	return nn_activation_needs_z((NNActivation) conf->activation) ||
		nn_activation_needs_z((NNActivation) conf->recurrent_activation);
}

static void
plan_memory(NNLayer *layer, const RecurrentCell *cell)
{
	const RecurrentConf *conf = NN_CONF(layer, RecurrentConf);
	const size_t steps = layer->in[0].dim[0] == NN_ANY ? 1 : (size_t) layer->in[0].dim[0];
	const size_t features = (size_t) layer->in[0].dim[1];
	const size_t units = (size_t) conf->units;
	const size_t width = units * (size_t) cell->blocks;
	const size_t masks = nn_recurrent_drops_apart(conf) ? (size_t) cell->gates : 1;

	layer->saved_size = steps * width + (steps + 1) * units;
	if (cell->carry)
		layer->saved_size += (steps + 1) * units + steps * units;
	if (keeps_pre(conf))
		layer->saved_size += steps * width;
	layer->scratch_size =
		2 * steps * features + steps * width + 3 * units + steps / sizeof(nn_real) + 3;
	if (conf->dropout > 0 || nn_recurrent_drops_apart(conf))
		layer->scratch_size += masks * (features + units) + steps * (features + units);
	layer->scratch_fixed = width + SCRATCH_ROUNDING;
	layer->scratch_fixed += nn_recurrent_copies(cell, (int) features, conf->units);
	layer->flops = (double) steps * (double) (features + units) * (double) units * cell->gates;
}

bool
nn_recurrent_shape(NNLayer *layer, const RecurrentCell *cell, NNError *error)
{
	const RecurrentConf *conf = NN_CONF(layer, RecurrentConf);
	const int units = conf->units;
	int columns;

	if (!check_input(layer, error))
		return false;
	if (units > NN_MAX_UNITS / cell->gates)
	{
		char what[NN_MAX_NAME + 16];

		nn_error(error, NN_TOO_LARGE, "%s: %d units of %d gates are too many",
				 nn_layer_what(layer, what, sizeof(what)), units, cell->gates);
		return nn_hint(error, "Give it at most %d units.", NN_MAX_UNITS / cell->gates);
	}
	columns = units * cell->gates;
	layer->out = conf->return_sequences ? nn_shape2(layer->in[0].dim[0], units) : nn_shape1(units);
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", nn_shape2(layer->in[0].dim[1], columns),
					   conf->kernel_initializer, &conf->kernel);
	nn_layer_add_param(layer, "recurrent_kernel", nn_shape2(units, columns),
					   conf->recurrent_initializer, &conf->recurrent);
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias",
						   cell->two_biases && conf->reset_after ? nn_shape2(2, columns)
																 : nn_shape1(columns),
						   conf->bias_initializer, &conf->bias);
	plan_memory(layer, cell);
	layer->packs = nn_packed_reals(units, columns) > 0 ? 2 : 0;
	layer->steps_from = conf->return_sequences ? 0 : NN_MASK_NONE;
	/* as in Keras it stays where it is, even if the steps come in the other order */
	layer->mask_from = layer->steps_from;
	return true;
}

/* ---- where things lie ---- */

static nn_real *
take(nn_real **at, size_t n)
{
	nn_real *taken = *at;

	*at += n;
	return taken;
}

static void
place_saved(RecurrentRun *run)
{
	const size_t block = (size_t) run->batch * (size_t) run->units;
	nn_real *at = run->pass->saved;
	size_t kept;

	run->kept = run->steps;
	if (!run->pass->keeps && run->kept > KEPT_ROWS / run->batch)
		run->kept = run->batch < KEPT_ROWS ? KEPT_ROWS / run->batch : 1;
	kept = (size_t) run->kept;
	run->z = take(&at, kept * block * (size_t) run->cell->blocks);
	run->h = take(&at, (size_t) (run->steps + 1) * block);
	if (run->cell->carry)
	{
		run->c = take(&at, (kept + 1) * block);
		run->a = take(&at, kept * block);
	}
	if (run->pass->keeps && keeps_pre(run->conf))
		run->pre = take(&at, kept * block * (size_t) run->cell->blocks);
}

/* Steps of a sample without its padding. */
static int
length_of(const uint8_t *mask, int steps)
{
	int length = steps;

	while (length > 0 && !mask[length - 1])
		length--;
	return length > 0 ? length : steps;
}

/* Where the t-th processed step of a sample is in x and, if output, in y. */
NN_INLINE int
place_of(const RecurrentRun *run, int sample, int t, bool output)
{
	const int length = run->length[sample];

	if (!run->conf->go_backwards || t >= length || (output && !run->conf->aligned))
		return t;
	return length - 1 - t;
}

static void
place_masks(RecurrentRun *run, nn_real **at)
{
	const uint8_t *padding = run->pass->padding;
	const uint8_t *mask = run->pass->mask;
	const size_t batch = (size_t) run->batch;
	const size_t bytes = batch * (size_t) run->steps;

	run->length = (int *) nn_recurrent_take(at, batch);
	for (int s = 0; s < run->batch; s++)
		run->length[s] = padding == NULL
			? run->steps
			: length_of(padding + (size_t) s * (size_t) run->steps, run->steps);
	if (mask == NULL)
		return;
	run->mask = (uint8_t *) nn_recurrent_take(at, bytes / sizeof(nn_real) + 1);
	for (int t = 0; t < run->steps; t++)
		for (int s = 0; s < run->batch; s++)
			run->mask[(size_t) t * batch + (size_t) s] =
				mask[(size_t) s * (size_t) run->steps + (size_t) place_of(run, s, t, false)];
}

/* ---- dropout ---- */

static void
place_drops(RecurrentRun *run, const NNLayer *layer, nn_real **at)
{
	const RecurrentConf *conf = run->conf;
	const size_t batch = (size_t) run->batch;
	const size_t features = (size_t) run->features;
	const size_t units = (size_t) run->units;
	const int masks = nn_recurrent_drops_apart(conf) ? run->cell->gates : 1;

	if (!run->pass->training)
		return;
	if (conf->dropout > 0)
	{
		run->drop_x = nn_recurrent_take(at, (size_t) masks * batch * features);
		nn_recurrent_draw(layer, run, run->drop_x, masks, features, conf->dropout, 0);
	}
	if (nn_recurrent_drops_apart(conf))
	{
		run->drop_h = nn_recurrent_take(at, (size_t) masks * batch * units);
		nn_recurrent_draw(layer, run, run->drop_h, masks, units, conf->recurrent_dropout,
						  (uint32_t) (masks * run->features));
		run->part = nn_recurrent_take(at, (size_t) run->steps * batch * features);
		run->state_part = nn_recurrent_take(at, (size_t) run->steps * batch * units);
	}
}

/* ---- time to the front, and back ---- */

static void
gather_x(const RecurrentRun *run, nn_real *to)
{
	const size_t n = (size_t) run->features;

	for (int t = 0; t < run->steps; t++)
		for (int s = 0; s < run->batch; s++, to += n)
			memcpy(to,
				   run->pass->x +
					   ((size_t) s * (size_t) run->steps + (size_t) place_of(run, s, t, false)) * n,
				   n * sizeof(nn_real));
}

static void
place_x(RecurrentRun *run, nn_real **at)
{
	const size_t n = (size_t) run->batch * (size_t) run->features;
	nn_real *to;

	/* one sample's steps lie as they are wanted */
	if (run->batch == 1 && !run->conf->go_backwards && run->drop_x == NULL)
	{
		run->x = run->pass->x;
		return;
	}
	to = nn_recurrent_take(at, (size_t) run->steps * n);
	gather_x(run, to);
	if (run->drop_x != NULL && !nn_recurrent_drops_apart(run->conf))
		nn_recurrent_multiply(to, to, run->drop_x, (size_t) run->steps, n);
	run->x = to;
}

static void
scatter_dx(const RecurrentRun *run)
{
	const size_t n = (size_t) run->features;
	const nn_real *from = run->dx;

	for (int t = 0; t < run->steps; t++)
		for (int s = 0; s < run->batch; s++, from += n)
			memcpy(run->pass->dx +
					   ((size_t) s * (size_t) run->steps + (size_t) place_of(run, s, t, false)) * n,
				   from, n * sizeof(nn_real));
}

static bool
is_zeroed(const RecurrentRun *run, int t, int sample)
{
	return run->conf->zero_masked && run->mask != NULL &&
		run->mask[(size_t) t * (size_t) run->batch + (size_t) sample] == 0;
}

static void
write_outputs(const RecurrentRun *run)
{
	const size_t n = (size_t) run->units;
	const size_t block = n * (size_t) run->batch;

	if (!run->conf->return_sequences)
	{
		nn_copy(run->pass->y, run->h + (size_t) run->steps * block, block);
		return;
	}
	for (int t = 0; t < run->steps; t++)
		for (int s = 0; s < run->batch; s++)
		{
			nn_real *to = run->pass->y +
				((size_t) s * (size_t) run->steps + (size_t) place_of(run, s, t, true)) * n;

			if (is_zeroed(run, t, s))
				memset(to, 0, n * sizeof(nn_real));
			else
				memcpy(to, run->h + (size_t) (t + 1) * block + (size_t) s * n, n * sizeof(nn_real));
		}
}

/* dh += the gradient of step t's output. */
static NN_HOT(void, add_dy, (const RecurrentRun *run, int t), (run, t))
{
	const size_t n = (size_t) run->units;

	if (!run->conf->return_sequences)
	{
		if (t == run->steps - 1)
			nn_add(run->dh, run->pass->dy, n * (size_t) run->batch);
		return;
	}
	for (int s = 0; s < run->batch; s++)
	{
		const nn_real *restrict dy = run->pass->dy +
			((size_t) s * (size_t) run->steps + (size_t) place_of(run, s, t, true)) * n;
		nn_real *restrict dh = run->dh + (size_t) s * n;

		if (is_zeroed(run, t, s))
			continue;
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			dh[i] += dy[i];
	}
}

/* ---- passes ---- */

static void
start(RecurrentRun *run, const NNLayer *layer, const NNPass *pass, const RecurrentCell *cell,
	  nn_real **at)
{
	*run = (RecurrentRun){
		.cell = cell,
		.conf = NN_CONF(layer, RecurrentConf),
		.pass = pass,
		.batch = pass->batch,
		.steps = layer->in[0].dim[0],
		.features = layer->in[0].dim[1],
		.units = NN_CONF(layer, RecurrentConf)->units,
		.kernel = pass->params + layer->params[0].offset,
		.recurrent = pass->params + layer->params[1].offset,
		.bias = layer->n_params > 2 ? pass->params + layer->params[2].offset : NULL,
	};
	run->stride = run->units * cell->gates;
	run->width = run->units * cell->blocks;
	*at = pass->scratch;
	place_saved(run);
	run->row = nn_recurrent_take(at, (size_t) run->width);
	place_masks(run, at);
	place_drops(run, layer, at);
	place_x(run, at);
}

static RecurrentStep
step_at(const RecurrentRun *run, int t)
{
	const size_t block = (size_t) run->batch * (size_t) run->units;
	const size_t wide = (size_t) run->batch * (size_t) run->width;
	const size_t i = (size_t) t;
	const size_t k = (size_t) (t % run->kept); /* in what is kept */

	return (RecurrentStep){
		.run = run,
		.batch = run->batch,
		.units = run->units,
		.mask = run->mask == NULL ? NULL : run->mask + i * (size_t) run->batch,
		.z = run->z + k * wide,
		.pre = run->pre == NULL ? NULL : run->pre + k * wide,
		.h0 = run->h + i * block,
		.h = run->h + (i + 1) * block,
		.c0 = run->c == NULL ? NULL : run->c + k * block,
		.c = run->c == NULL ? NULL : run->c + (k + 1) * block,
		.a = run->a == NULL ? NULL : run->a + k * block,
		.d = run->d == NULL ? NULL : run->d + i * wide,
		.dh = run->dh,
		.dh0 = run->dh0,
		.dc = run->dc,
	};
}

void
nn_recurrent_forward(const NNLayer *layer, const NNPass *pass, const RecurrentCell *cell)
{
	RecurrentRun run;
	nn_real *at;
	size_t block;

	start(&run, layer, pass, cell, &at);
	nn_recurrent_copy(&run, &at);
	block = (size_t) run.batch * (size_t) run.units;
	nn_zero(run.h, block);
	if (cell->carry)
		nn_zero(run.c, block);
	nn_recurrent_bias(&run);
	for (int t = 0; t < run.steps; t++)
	{
		RecurrentStep step = step_at(&run, t);

		if (t % LOOK_STEPS == 0 && nn_pool_stopping())
			return;
		if (t % run.kept == 0)
		{
			nn_recurrent_inputs(&run, t, run.steps - t < run.kept ? run.steps - t : run.kept);
			if (t > 0 && cell->carry)
				nn_copy(run.c, run.c + (size_t) run.kept * block, block);
		}
		cell->forward(&step);
	}
	write_outputs(&run);
}

void
nn_recurrent_backward(const NNLayer *layer, const NNPass *pass, const RecurrentCell *cell)
{
	RecurrentRun run;
	nn_real *at;
	size_t block;

	start(&run, layer, pass, cell, &at);
	block = (size_t) run.batch * (size_t) run.units;
	run.d = nn_recurrent_take(&at, (size_t) run.steps * (size_t) run.batch * (size_t) run.width);
	run.dh = nn_recurrent_take(&at, block);
	run.dh0 = nn_recurrent_take(&at, block);
	run.dc = nn_recurrent_take(&at, block);
	nn_recurrent_copy_back(&run, &at);
	nn_zero(run.dh, block);
	nn_zero(run.dc, block);
	for (int t = run.steps - 1; t >= 0; t--)
	{
		RecurrentStep step;
		nn_real *swap = run.dh;

		if (t % LOOK_STEPS == 0 && nn_pool_stopping())
			return;
		add_dy(&run, t);
		step = step_at(&run, t);
		cell->backward(&step);
		run.dh = run.dh0;
		run.dh0 = swap;
	}
	if (pass->grads)
	{
		nn_recurrent_input_gradients(&run, pass->grads + layer->params[0].offset);
		nn_recurrent_state_gradients(&run, pass->grads + layer->params[1].offset);
		if (run.bias != NULL)
			nn_recurrent_bias_gradients(&run, pass->grads + layer->params[2].offset);
	}
	if (pass->dx)
	{
		run.dx =
			nn_recurrent_take(&at, (size_t) run.steps * (size_t) run.batch * (size_t) run.features);
		nn_recurrent_input_back(&run);
		scatter_dx(&run);
	}
}
