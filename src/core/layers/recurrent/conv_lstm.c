/*
 * conv_lstm.c
 *	  conv_lstm1d and conv_lstm2d: an lstm whose products are convolutions, over
 *	  steps that are signals or images.
 *
 * A step of x is (spatial..., channels), a state (spatial..., filters) of what the
 * window leaves of it: `out` reals.  z = conv(x, kernel) + conv(h, recurrent_kernel) + bias
 * has four times as many channels: i, f, c, o.  c' = f c + i act(z_c), h' = o act(c').
 * The convolution of h has no strides and the same padding always.
 *
 * Inside a layer time comes first: slot t is the t-th step in the order of processing, of all
 * samples of a chunk; state slot 0 is zero.  A gate's numbers of a slot lie together:
 * z is (steps, gate, batch, out).  Hidden steps carry the states over.
 * saved: z | z before activation, where that is needed | h | c | act(c).
 * scratch: x by slots and its gradient, z as convolutions have it, (steps, batch, cells, 4
 * filters), of one step more, and four states; fixed: the convolutions' own.
 */
#include "core/layers/conv/conv.h"
#include "core/layers/draw.h"

#define GATES 4

typedef struct ConvLstmConf
{
	int filters;
	NNWindowConf window;
	int activation;
	int recurrent_activation;
	bool use_bias;
	bool unit_forget_bias;
	bool return_sequences;
	bool go_backwards;
	double dropout;
	double recurrent_dropout;
	int seed;
	NNInitializer kernel_initializer;
	NNInitializer recurrent_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules recurrent;
	NNRules bias;
	NNRegularizer activity_regularizer;
} ConvLstmConf;

#define MOST 0x1.fffffffffffffp-1 /* of dropout: below 1 */

#define CONV_LSTM_FIELDS(dims)                                                                 \
	{                                                                                          \
		NN_FIELD_INT(ConvLstmConf, filters, true, 0, 1, NN_MAX_UNITS / GATES),                 \
			NN_WINDOW_FIELD(ConvLstmConf, "kernel_size", size, dims, true, 0),                 \
			NN_WINDOW_FIELD(ConvLstmConf, "strides", strides, dims, false, 1),                 \
			NN_WINDOW_PADDING(ConvLstmConf),                                                   \
			NN_WINDOW_FIELD(ConvLstmConf, "dilation_rate", dilation_rate, dims, false, 1),     \
			NN_FIELD_ACTIVATION(ConvLstmConf, activation, NN_TANH),                            \
			NN_FIELD_ACTIVATION(ConvLstmConf, recurrent_activation, NN_SIGMOID),               \
			NN_FIELD_BOOL(ConvLstmConf, use_bias, true),                                       \
			NN_FIELD_INITIALIZER(ConvLstmConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM),    \
			NN_FIELD_INITIALIZER(ConvLstmConf, recurrent_initializer, NN_INIT_ORTHOGONAL),     \
			NN_FIELD_INITIALIZER(ConvLstmConf, bias_initializer, NN_INIT_ZEROS),               \
			NN_FIELD_BOOL(ConvLstmConf, unit_forget_bias, true),                               \
			NN_FIELD_RULES(ConvLstmConf, kernel), NN_FIELD_RULES(ConvLstmConf, recurrent),     \
			NN_FIELD_RULES(ConvLstmConf, bias), NN_FIELD_ACTIVITY(ConvLstmConf),               \
			NN_FIELD_REAL(ConvLstmConf, dropout, false, 0, 0, MOST),                           \
			NN_FIELD_REAL(ConvLstmConf, recurrent_dropout, false, 0, 0, MOST),                 \
			NN_FIELD_SEED(ConvLstmConf), NN_FIELD_BOOL(ConvLstmConf, return_sequences, false), \
			NN_FIELD_BOOL(ConvLstmConf, go_backwards, false), NN_FIELD_END                     \
	}

static const NNField fields1d[] = CONV_LSTM_FIELDS(1);
static const NNField fields2d[] = CONV_LSTM_FIELDS(2);

/* ---- shape ---- */

static int
dims_of(const NNLayer *layer)
{
	return layer->in[0].rank - 2;
}

/* The layer as if each of its steps were a sample. */
static void
make_step(NNLayer *step, const NNLayer *layer)
{
	*step = *layer;
	step->in[0].rank--;
	memmove(step->in[0].dim, layer->in[0].dim + 1, (size_t) step->in[0].rank * sizeof(int));
}

/* Its state as an input, whose window keeps it as large as it is. */
static NNWindow
state_window(const NNLayer *layer, NNLayer *step, const NNShape *state)
{
	NNWindowConf conf = NN_CONF(layer, ConvLstmConf)->window;

	for (int i = 0; i < NN_ARRAY_LENGTH(conf.strides); i++)
		conf.strides[i] = conf.dilation_rate[i] = 1;
	conf.padding = NN_PADDING_SAME;
	step->in[0] = *state;
	return nn_window(step, &conf, dims_of(layer));
}

static bool
check_rank(const NNLayer *layer, int dims, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	if (layer->in[0].rank != dims + 2)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: takes steps of %s, an input of %d dimensions, not %s",
				 what, dims == 1 ? "signals" : "images", dims + 2,
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error,
					   dims == 1 ? "Its shape is (steps, length, channels)."
								 : "Its shape is (steps, height, width, channels).");
	}
	return true;
}

/* The parameters, and the convolutions' scratch, of a layer that has kernels. */
static bool
add_params(NNLayer *layer, int dims, NNError *error)
{
	const ConvLstmConf *conf = NN_CONF(layer, ConvLstmConf);
	const int channels = nn_shape_last(&layer->in[0]);
	NNShape kernel = {.rank = dims + 2};
	size_t patch = 1, own;

	for (int i = 0; i < dims; i++)
	{
		kernel.dim[i] = conf->window.size[i];
		patch *= (size_t) kernel.dim[i];
	}
	kernel.dim[dims] = channels;
	kernel.dim[dims + 1] = GATES * conf->filters;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", kernel, conf->kernel_initializer, &conf->kernel);
	kernel.dim[dims] = conf->filters;
	nn_layer_add_param(layer, "recurrent_kernel", kernel, conf->recurrent_initializer,
					   &conf->recurrent);
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(GATES * conf->filters), conf->bias_initializer,
						   &conf->bias);
	if (!nn_conv_plan(layer, patch * (size_t) channels, (size_t) (GATES * conf->filters), error))
		return false;
	own = layer->scratch_fixed;
	if (!nn_conv_plan(layer, patch * (size_t) conf->filters, (size_t) (GATES * conf->filters),
					  error))
		return false;
	layer->scratch_fixed = (own > layer->scratch_fixed ? own : layer->scratch_fixed);
	return true;
}

static bool
keeps_pre(const ConvLstmConf *conf)
{
	return nn_activation_needs_z((NNActivation) conf->activation) ||
		nn_activation_needs_z((NNActivation) conf->recurrent_activation);
}

static bool
conv_lstm_shape(NNLayer *layer, int dims, NNError *error)
{
	const ConvLstmConf *conf = NN_CONF(layer, ConvLstmConf);
	NNLayer step;
	size_t steps, in, out;

	if (!check_rank(layer, dims, error))
		return false;
	make_step(&step, layer);
	if (!nn_window_check_input(&step, dims, error) ||
		!nn_window_shape(&step, &conf->window, dims, error) || !add_params(layer, dims, error))
		return false;
	step.out.rank = dims + 1;
	step.out.dim[dims] = conf->filters;
	steps = layer->in[0].dim[0] == NN_ANY ? 1 : (size_t) layer->in[0].dim[0];
	in = nn_shape_size(&step.in[0]);
	out = nn_shape_size(&step.out);
	layer->out = step.out;
	if (conf->return_sequences)
	{
		layer->out.rank++;
		layer->out.dim[0] = layer->in[0].dim[0];
		memcpy(layer->out.dim + 1, step.out.dim, (size_t) step.out.rank * sizeof(int));
	}
	layer->saved_size =
		steps * GATES * out * (keeps_pre(conf) ? 2 : 1) + 2 * (steps + 1) * out + steps * out;
	layer->scratch_size = 2 * steps * in + (steps + 1) * GATES * out + 4 * out;
	layer->flops = (double) steps * (double) (out / (size_t) conf->filters) *
		(double) (layer->params[0].size + layer->params[1].size);
	layer->steps_from = layer->mask_from = conf->return_sequences ? 0 : NN_MASK_NONE;
	return true;
}

static bool
conv_lstm1d_shape(NNLayer *layer, NNError *error)
{
	return conv_lstm_shape(layer, 1, error);
}

static bool
conv_lstm2d_shape(NNLayer *layer, NNError *error)
{
	return conv_lstm_shape(layer, 2, error);
}

static void
conv_lstm_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	const ConvLstmConf *conf = NN_CONF(layer, ConvLstmConf);

	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];

		nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
					  scratch, random);
	}
	for (int i = 0; conf->use_bias && conf->unit_forget_bias && i < conf->filters; i++)
		params[layer->params[2].offset + (size_t) (conf->filters + i)] = 1;
}

/* ---- where things lie ---- */

typedef struct Run
{
	const ConvLstmConf *conf;
	const NNLayer *layer;
	const NNPass *pass;
	NNConv input, state; /* z of x, with the bias; z of h */
	size_t batch, steps;
	size_t in, out, filters; /* reals of a sample's step, its state, a cell of it */
	nn_real *z, *pre, *h, *c, *a;
	nn_real *x, *dx, *wide, *wide_step; /* wide: z in the order of convolutions */
	nn_real *state_room[4];				/* (batch, out) each */
	nn_real *conv_room;
} Run;

static nn_real *
take(nn_real **at, size_t n)
{
	nn_real *taken = *at;

	*at += n;
	return taken;
}

static void
begin(Run *run, const NNLayer *layer, const NNPass *pass)
{
	const ConvLstmConf *conf = NN_CONF(layer, ConvLstmConf);
	const NNShape *y = &layer->out;
	nn_real *saved = pass->saved, *scratch = pass->scratch;
	NNShape state = *y;
	NNLayer step;
	size_t block;

	if (conf->return_sequences)
	{
		state.rank--;
		memmove(state.dim, y->dim + 1, (size_t) state.rank * sizeof(int));
	}
	make_step(&step, layer);
	run->conf = conf;
	run->layer = layer;
	run->pass = pass;
	run->batch = (size_t) pass->batch;
	run->steps = (size_t) layer->in[0].dim[0];
	run->in = nn_shape_size(&step.in[0]);
	run->out = nn_shape_size(&state);
	run->filters = (size_t) conf->filters;
	run->input = (NNConv){
		.window = nn_window(&step, &conf->window, dims_of(layer)),
		.filters = GATES * conf->filters,
		.groups = 1,
		.activation = NN_LINEAR,
		.kernel = pass->params,
		.bias = conf->use_bias ? pass->params + layer->params[2].offset : NULL,
	};
	run->state = run->input;
	run->state.window = state_window(layer, &step, &state);
	run->state.kernel = pass->params + layer->params[1].offset;
	run->state.bias = NULL;

	block = run->batch * run->out;
	run->z = take(&saved, run->steps * GATES * block);
	run->pre = keeps_pre(conf) ? take(&saved, run->steps * GATES * block) : NULL;
	run->h = take(&saved, (run->steps + 1) * block);
	run->c = take(&saved, (run->steps + 1) * block);
	run->a = take(&saved, run->steps * block);
	run->x = take(&scratch, run->steps * run->batch * run->in);
	run->dx = take(&scratch, run->steps * run->batch * run->in);
	run->wide = take(&scratch, run->steps * GATES * block);
	run->wide_step = take(&scratch, GATES * block);
	for (int i = 0; i < NN_ARRAY_LENGTH(run->state_room); i++)
		run->state_room[i] = take(&scratch, block);
	run->conv_room = scratch;
}

/* The step of x that sample b processes in slot t; -1: it has no more. */
static int
step_of(const Run *run, size_t b, size_t t)
{
	const uint8_t *there = run->pass->padding;
	size_t length = run->steps;

	while (there != NULL && length > 0 && !there[b * run->steps + length - 1])
		length--;
	if (t >= length)
		return -1;
	return (int) (run->conf->go_backwards ? length - 1 - t : t);
}

/* Whether sample b's states pass slot t as they are. */
static bool
is_hidden(const Run *run, size_t b, size_t t)
{
	const int step = step_of(run, b, t);

	return step < 0 ||
		(run->pass->mask != NULL && !run->pass->mask[b * run->steps + (size_t) step]);
}

/* ---- dropout: of a sample the same at all steps, and for all gates ---- */

static void
drop(const Run *run, size_t b, double rate, uint32_t first, nn_real *x, size_t n)
{
	const uint64_t seed = nn_draw_seed(run->layer, run->pass, run->conf->seed, (int) b);
	const uint32_t threshold = (uint32_t) (rate * 4294967296.0);
	const nn_real scale = (nn_real) (1 / (1 - rate));

	if (!run->pass->training || rate <= 0)
		return;
	for (size_t i = 0; i < n; i++)
		x[i] = nn_hash32(seed, first + (uint32_t) i) < threshold ? 0 : x[i] * scale;
}

static void
drop_input(const Run *run, size_t b, nn_real *x)
{
	drop(run, b, run->conf->dropout, 0, x, run->in);
}

static void
drop_states(const Run *run, nn_real *h)
{
	for (size_t b = 0; b < run->batch; b++)
		drop(run, b, run->conf->recurrent_dropout, (uint32_t) run->in, h + b * run->out, run->out);
}

/* ---- forward ---- */

static void
bring_input(const Run *run)
{
	for (size_t t = 0; t < run->steps; t++)
		for (size_t b = 0; b < run->batch; b++)
		{
			const int step = step_of(run, b, t);
			nn_real *to = run->x + (t * run->batch + b) * run->in;

			if (step < 0)
			{
				nn_zero(to, run->in);
				continue;
			}
			nn_copy(to, run->pass->x + (b * run->steps + (size_t) step) * run->in, run->in);
			drop_input(run, b, to);
		}
}

/* From (cells, 4 filters) to (4, cells, filters), or back. */
static void
by_gate(const Run *run, nn_real *z, const nn_real *wide)
{
	const size_t f = run->filters, n = run->batch * run->out;

	for (size_t g = 0; g < GATES; g++)
		nn_copy_rows(z + g * n, f, wide + g * f, GATES * f, f, (int) (n / f));
}

static void
by_cell(const Run *run, nn_real *wide, const nn_real *z)
{
	const size_t f = run->filters, n = run->batch * run->out;

	for (size_t g = 0; g < GATES; g++)
		nn_copy_rows(wide + g * f, GATES * f, z + g * n, f, f, (int) (n / f));
}

static NN_HOT(void, next_states,
			  (const nn_real *restrict z, const nn_real *restrict c0, nn_real *restrict c,
			   size_t n),
			  (z, c0, c, n))
{
	for (size_t i = 0; i < n; i++)
		c[i] = z[n + i] * c0[i] + z[i] * z[2 * n + i];
}

/* The states before slot t, as the convolution sees them: room has a block. */
static const nn_real *
states_before(const Run *run, size_t t, nn_real *room)
{
	const size_t n = run->batch * run->out;

	if (!run->pass->training || run->conf->recurrent_dropout <= 0)
		return run->h + t * n;
	nn_copy(room, run->h + t * n, n);
	drop_states(run, room);
	return room;
}

static void
forward_step(const Run *run, size_t t)
{
	const size_t n = run->batch * run->out, f = run->filters;
	nn_real *z = run->z + t * GATES * n;
	nn_real *wide = run->wide + t * GATES * n;
	nn_real *h = run->h + (t + 1) * n, *c = run->c + (t + 1) * n, *a = run->a + t * n;

	if (t > 0)
	{
		nn_conv_forward(&run->state, run->batch, states_before(run, t, run->state_room[0]),
						run->wide_step, NULL, run->conv_room);
		nn_add(wide, run->wide_step, GATES * n);
	}
	by_gate(run, z, wide);
	if (run->pre != NULL)
		nn_copy(run->pre + t * GATES * n, z, GATES * n);
	nn_activate((NNActivation) run->conf->recurrent_activation, z, 2 * n, f);
	nn_activate((NNActivation) run->conf->activation, z + 2 * n, n, f);
	nn_activate((NNActivation) run->conf->recurrent_activation, z + 3 * n, n, f);
	next_states(z, c - n, c, n);
	nn_copy(a, c, n);
	nn_activate((NNActivation) run->conf->activation, a, n, f);
	nn_copy(h, a, n);
	nn_mul(h, z + 3 * n, n);
	for (size_t b = 0; b < run->batch; b++)
		if (is_hidden(run, b, t))
		{
			nn_copy(h + b * run->out, h - n + b * run->out, run->out);
			nn_copy(c + b * run->out, c - n + b * run->out, run->out);
		}
}

static void
conv_lstm_forward(const NNLayer *layer, const NNPass *pass)
{
	size_t n;
	Run run;

	begin(&run, layer, pass);
	n = run.batch * run.out;
	bring_input(&run);
	nn_conv_forward(&run.input, run.steps * run.batch, run.x, run.wide, NULL, run.conv_room);
	nn_zero(run.h, n);
	nn_zero(run.c, n);
	for (size_t t = 0; t < run.steps && !nn_pool_stopping(); t++)
		forward_step(&run, t);
	if (!run.conf->return_sequences)
	{
		nn_copy(pass->y, run.h + run.steps * n, n);
		return;
	}
	for (size_t t = 0; t < run.steps; t++)
		nn_copy_rows(pass->y + t * run.out, run.steps * run.out, run.h + (t + 1) * n, run.out,
					 run.out, (int) run.batch);
}

/* ---- backward ---- */

/* Gradients d of the gates from those of c (dc, which becomes c0's) and h. */
static NN_HOT(void, gates_back,
			  (const nn_real *restrict z, const nn_real *restrict c0, nn_real *restrict d,
			   nn_real *restrict dc, size_t n),
			  (z, c0, d, dc, n))
{
	for (size_t i = 0; i < n; i++)
	{
		d[i] = dc[i] * z[2 * n + i];
		d[n + i] = dc[i] * c0[i];
		d[2 * n + i] = dc[i] * z[i];
		dc[i] *= z[n + i];
	}
}

/*
 * Slot t: dh and dc, gradients of the states after it, become those of the states before; the
 * gates' goes to run->wide, in the order of convolutions.  room: a block; d: four, by gate.
 */
static void
backward_step(const Run *run, size_t t, nn_real *dh, nn_real *dc, nn_real *da, nn_real *dh0)
{
	const size_t n = run->batch * run->out, f = run->filters;
	const nn_real *z = run->z + t * GATES * n;
	const nn_real *pre = run->pre == NULL ? z : run->pre + t * GATES * n;
	const nn_real *c = run->c + (t + 1) * n;
	nn_real *d = run->wide_step, *wide = run->wide + t * GATES * n;

	/* h = o a */
	nn_copy(da, dh, n);
	nn_mul(da, z + 3 * n, n);
	nn_copy(d + 3 * n, dh, n);
	nn_mul(d + 3 * n, run->a + t * n, n);
	nn_activate_backward((NNActivation) run->conf->activation, c, run->a + t * n, da, n, f);
	for (size_t b = 0; b < run->batch; b++)
		if (is_hidden(run, b, t))
			nn_zero(da + b * run->out, run->out);
	/* what hidden steps carry over stays in dh0, and in da */
	nn_zero(dh0, n);
	for (size_t b = 0; b < run->batch; b++)
		if (is_hidden(run, b, t))
		{
			nn_copy(dh0 + b * run->out, dh + b * run->out, run->out);
			nn_copy(da + b * run->out, dc + b * run->out, run->out);
			nn_zero(dc + b * run->out, run->out);
		}
		else
		{
			nn_add(dc + b * run->out, da + b * run->out, run->out);
			nn_zero(da + b * run->out, run->out);
		}
	gates_back(z, c - n, d, dc, n);
	nn_add(dc, da, n);
	nn_activate_backward((NNActivation) run->conf->recurrent_activation, pre, z, d, 2 * n, f);
	nn_activate_backward((NNActivation) run->conf->activation, pre + 2 * n, z + 2 * n, d + 2 * n, n,
						 f);
	nn_activate_backward((NNActivation) run->conf->recurrent_activation, pre + 3 * n, z + 3 * n,
						 d + 3 * n, n, f);
	for (size_t b = 0; b < run->batch; b++)
		for (size_t g = 0; g < GATES && is_hidden(run, b, t); g++)
			nn_zero(d + g * n + b * run->out, run->out);
	by_cell(run, wide, d);
	nn_copy(dh, dh0, n);
}

/* dh += the gradient through the convolution of the states before slot t; to its kernel's. */
static void
states_back(const Run *run, size_t t, nn_real *dh, nn_real *room, nn_real *dh0)
{
	const size_t n = run->batch * run->out;
	nn_real *wide = run->wide + t * GATES * n;
	const NNConvBack back = {
		.samples = run->batch,
		.x = states_before(run, t, room),
		.y = wide,
		.dy = wide,
		.dx = dh0,
		.kernel_grad =
			run->pass->grads == NULL ? NULL : run->pass->grads + run->layer->params[1].offset,
		.scratch = run->conv_room,
	};

	nn_conv_backward(&run->state, &back);
	drop_states(run, dh0);
	nn_add(dh, dh0, n);
}

/* dh of slot t: of y's step, which is the slot's, or the last. */
static void
add_output(const Run *run, size_t t, nn_real *dh)
{
	const NNPass *pass = run->pass;

	if (!run->conf->return_sequences)
	{
		if (t + 1 == run->steps)
			nn_add(dh, pass->dy, run->batch * run->out);
		return;
	}
	for (size_t b = 0; b < run->batch; b++)
		nn_add(dh + b * run->out, pass->dy + (b * run->steps + t) * run->out, run->out);
}

static void
input_back(const Run *run)
{
	const NNPass *pass = run->pass;
	const NNConvBack back = {
		.samples = run->steps * run->batch,
		.x = run->x,
		.y = run->wide,
		.dy = run->wide,
		.dx = pass->dx == NULL ? NULL : run->dx,
		.kernel_grad = pass->grads,
		.bias_grad = pass->grads == NULL || !run->conf->use_bias
			? NULL
			: pass->grads + run->layer->params[2].offset,
		.scratch = run->conv_room,
	};

	nn_conv_backward(&run->input, &back);
	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, run->steps * run->batch * run->in);
	for (size_t t = 0; t < run->steps; t++)
		for (size_t b = 0; b < run->batch; b++)
		{
			const int step = step_of(run, b, t);
			nn_real *from = run->dx + (t * run->batch + b) * run->in;

			if (step < 0)
				continue;
			drop_input(run, b, from);
			nn_copy(pass->dx + (b * run->steps + (size_t) step) * run->in, from, run->in);
		}
}

static void
conv_lstm_backward(const NNLayer *layer, const NNPass *pass)
{
	nn_real *dh, *dc;
	size_t n;
	Run run;

	begin(&run, layer, pass);
	n = run.batch * run.out;
	bring_input(&run);
	dh = run.state_room[0];
	dc = run.state_room[1];
	nn_zero(dh, n);
	nn_zero(dc, n);
	for (size_t t = run.steps; t-- > 0 && !nn_pool_stopping();)
	{
		add_output(&run, t, dh);
		backward_step(&run, t, dh, dc, run.state_room[2], run.state_room[3]);
		if (t > 0)
			states_back(&run, t, dh, run.state_room[2], run.state_room[3]);
	}
	input_back(&run);
}

#define CONV_LSTM_KIND(kind_name, kind_fields, kind_shape)                                   \
	{                                                                                        \
		.name = kind_name, .flags = NN_KIND_MASKED, .min_inputs = 1, .max_inputs = 1,        \
		.conf_size = sizeof(ConvLstmConf), .fields = kind_fields, .shape = kind_shape,       \
		.init = conv_lstm_init, .forward = conv_lstm_forward, .backward = conv_lstm_backward \
	}

const NNKind nn_conv_lstm1d = CONV_LSTM_KIND("conv_lstm1d", fields1d, conv_lstm1d_shape);
const NNKind nn_conv_lstm2d = CONV_LSTM_KIND("conv_lstm2d", fields2d, conv_lstm2d_shape);
