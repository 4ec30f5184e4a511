/*
 * probe.c
 *	  One layer alone, for tests: see probe.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "test/unit/json.h"
#include "test/unit/probe.h"

/* A run of samples that one `thread` takes at a time. */
typedef struct Piece
{
	int index;
	int thread;
	int first;
	int count;
} Piece;

static void *
must(void *memory)
{
	if (memory == NULL)
	{
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return memory;
}

static void
fill_nan(nn_real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real) NAN;
}

nn_real *
probe_reals(size_t n)
{
	void *memory = NULL;

	if (posix_memalign(&memory, NN_ALIGN, n > 0 ? n * sizeof(nn_real) : 1) != 0)
		memory = NULL;
	fill_nan(must(memory), n);
	return memory;
}

static nn_real *
zeros(size_t n)
{
	nn_real *x = probe_reals(n);

	for (size_t i = 0; i < n; i++)
		x[i] = 0;
	return x;
}

/* ---- building ---- */

/* The shape as a config of an input: {"shape": [null, 3]}. */
static NNValue *
input_config(const NNShape *shape)
{
	char text[128] = "{\"shape\": [";
	size_t used = strlen(text);

	for (int i = 0; i < shape->rank; i++)
	{
		if (shape->dim[i] == NN_ANY)
			used += (size_t) snprintf(text + used, sizeof(text) - used, "%snull", i > 0 ? "," : "");
		else
			used += (size_t) snprintf(text + used, sizeof(text) - used, "%s%d", i > 0 ? "," : "",
									  shape->dim[i]);
	}
	snprintf(text + used, sizeof(text) - used, "]}");
	return json_parse(text);
}

/*
 * A model has one input: the layer's other inputs are copies of it under
 * their own names and shapes.
 */
static bool
add_inputs(NNModel *model, const ProbeSpec *spec, int n_inputs, NNError *error)
{
	NNValue *config = input_config(&spec->in[0]);
	bool added = nn_model_add(model, "input", "x0", NULL, -1, config, error);

	json_free(config);
	for (int i = 1; added && i < n_inputs; i++)
	{
		NNLayer *layer = &model->layers[model->n_layers];

		*layer = model->layers[0];
		snprintf(layer->name, sizeof(layer->name), "x%d", i);
		layer->index = model->n_layers++;
		layer->out = spec->in[i];
	}
	return added;
}

static bool
build(Probe *p, const ProbeSpec *spec, NNError *error)
{
	static const char *const names[NN_MAX_INPUTS] = {
		"x0", "x1", "x2",  "x3",  "x4",	 "x5",	"x6",  "x7",
		"x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
	};
	NNValue *config = json_parse(spec->config != NULL ? spec->config : "{}");
	int room = p->n_inputs + nn_layer_room(config);
	bool built;
	size_t size;

	p->model = must(malloc(nn_model_bytes(room)));
	nn_model_begin(p->model, room);
	built = add_inputs(p->model, spec, p->n_inputs, error) &&
		nn_model_add(p->model, spec->kind, "probe", names, p->n_inputs, config, error) &&
		nn_model_finish(p->model, error);
	json_free(config);
	if (!built)
		return false;
	p->layer = &p->model->layers[p->model->n_layers - 1];
	size = p->layer->param_size;
	for (int i = 0; i < p->n_inputs; i++)
		if (p->model->layers[i].out.dim[0] == NN_ANY)
			p->model->layers[i].out.dim[0] = spec->steps;
	p->model->steps.of[0] = spec->steps;
	if (p->model->variable && !nn_layer_infer(p->model, p->layer, error))
		return false;
	if (p->layer->param_size != size)
		return nn_error(error, NN_BAD_SHAPE, "parameters depend on the number of steps");
	return true;
}

static uint8_t *
mask_of(const Probe *p, int steps, int value)
{
	uint8_t *mask = must(malloc((size_t) p->batch * (size_t) steps));

	memset(mask, value, (size_t) p->batch * (size_t) steps);
	return mask;
}

static void
make_masks(Probe *p, const ProbeSpec *spec)
{
	if (spec->masked || spec->padded)
		p->mask_steps = p->layer->in[0].dim[0];
	if (spec->masked)
		p->mask = mask_of(p, p->mask_steps, 1);
	if (spec->padded)
		p->padding = mask_of(p, p->mask_steps, 1);
	if (p->layer->mask_from == NN_MASK_OWN || p->layer->steps_from == NN_MASK_OWN)
	{
		p->mask_out_steps = p->layer->out.dim[0];
		p->mask_out = mask_of(p, p->mask_out_steps, 77);
	}
}

static void
make_buffers(Probe *p, const ProbeSpec *spec)
{
	size_t batch = (size_t) p->batch;

	for (int i = 0; i < p->n_inputs; i++)
	{
		p->in_size[i] = nn_shape_size(&p->layer->in[i]);
		p->x[i] = zeros(batch * p->in_size[i]);
		p->dx[i] = probe_reals(batch * p->in_size[i]);
		p->want_dx[i] = true;
	}
	p->out_size = nn_shape_size(&p->layer->out);
	p->y = probe_reals(batch * p->out_size);
	p->dy = zeros(batch * p->out_size);
	p->dy_work = probe_reals(batch * p->out_size);
	p->params = zeros(p->layer->param_size);
	p->grads = zeros(p->layer->param_size);
	make_masks(p, spec);
}

Probe *
probe_make(const ProbeSpec *spec, NNError *error)
{
	static bool loaded = false;
	NNError own = {.code = NN_OK};
	Probe *p = must(calloc(1, sizeof(*p)));

	if (!loaded)
	{
		const char *problem = nn_blas_load(NULL);

		/* of another architecture there may be none: plain loops do */
		if (problem != NULL && getenv("NNET_WITHOUT_OPENBLAS") == NULL)
		{
			fprintf(stderr, "%s\n", problem);
			exit(2);
		}
		nn_blas_thread_init();
		loaded = true;
	}
	p->batch = spec->batch;
	p->steps = spec->in[0].dim[0] == NN_ANY ? spec->steps : 0;
	p->n_inputs = spec->n_inputs > 0 ? spec->n_inputs : 1;
	p->threads = 1;
	p->chunks = 1;
	p->seed = 42;
	p->want_grads = true;
	if (!build(p, spec, error != NULL ? error : &own))
	{
		probe_free(p);
		if (error == NULL)
		{
			fprintf(stderr, "%s %s: %s (%s)\n", spec->kind, spec->config, own.message, own.hint);
			exit(2);
		}
		return NULL;
	}
	make_buffers(p, spec);
	return p;
}

static void
free_pieces(Probe *p)
{
	for (int i = 0; i < p->pieces; i++)
		free(p->saved[i]);
	free(p->saved);
	free(p->partials);
	p->saved = NULL;
	p->partials = NULL;
	p->pieces = 0;
}

void
probe_free(Probe *p)
{
	free_pieces(p);
	for (int i = 0; i < p->n_inputs; i++)
	{
		free(p->x[i]);
		free(p->dx[i]);
	}
	free(p->y);
	free(p->dy);
	free(p->dy_work);
	free(p->params);
	free(p->grads);
	free(p->mask);
	free(p->padding);
	free(p->mask_out);
	free(p->model);
	free(p);
}

/* ---- running ---- */

static Piece
piece_at(const Probe *p, int index)
{
	int64_t pieces = (int64_t) p->threads * p->chunks;
	Piece piece;

	piece.index = index;
	piece.thread = index / p->chunks;
	piece.first = (int) (p->batch * (int64_t) index / pieces);
	piece.count = (int) (p->batch * (int64_t) (index + 1) / pieces) - piece.first;
	return piece;
}

/* Fresh memory for what pieces keep from forward to backward. */
static void
make_pieces(Probe *p)
{
	free_pieces(p);
	p->pieces = p->threads * p->chunks;
	p->saved = must(calloc((size_t) p->pieces, sizeof(*p->saved)));
	for (int i = 0; i < p->pieces; i++)
		p->saved[i] = probe_reals(p->layer->saved_size * (size_t) piece_at(p, i).count);
	p->partials = must(calloc((size_t) p->threads * p->layer->partial_size + 1, sizeof(double)));
}

typedef void (*PassFunction)(const NNLayer *layer, const NNPass *pass);

/* A pass over a piece, and what it points to. */
typedef struct PassRoom
{
	NNPass pass;
	const nn_real *xs[NN_MAX_INPUTS];
	nn_real *dxs[NN_MAX_INPUTS];
	const uint8_t *masks[NN_MAX_INPUTS]; /* of the first input alone */
	const uint8_t *paddings[NN_MAX_INPUTS];
} PassRoom;

static NNPass *
make_pass(PassRoom *room, const Probe *p, const Piece *piece, bool training, bool backward)
{
	NNPass *pass = &room->pass;
	size_t first = (size_t) piece->first;

	memset(room, 0, sizeof(*room));
	for (int i = 0; i < p->n_inputs; i++)
	{
		room->xs[i] = p->x[i] + first * p->in_size[i];
		room->dxs[i] = backward && p->want_dx[i] ? p->dx[i] + first * p->in_size[i] : NULL;
	}
	pass->batch = piece->count;
	pass->steps = p->steps;
	pass->training = training;
	pass->keeps = training;
	pass->params = p->params;
	pass->grads = backward && p->want_grads ? p->grads : NULL;
	pass->xs = room->xs;
	pass->x = room->xs[0];
	pass->dxs = room->dxs;
	pass->dx = room->dxs[0];
	pass->y = p->y + first * p->out_size;
	pass->dy = backward ? p->dy_work + first * p->out_size : NULL;
	pass->saved = p->saved[piece->index];
	pass->padding = p->padding == NULL ? NULL : p->padding + first * (size_t) p->mask_steps;
	pass->mask = p->mask == NULL ? pass->padding : p->mask + first * (size_t) p->mask_steps;
	room->paddings[0] = pass->padding;
	room->masks[0] = pass->mask;
	pass->paddings = room->paddings;
	pass->masks = room->masks;
	pass->mask_out = p->mask_out == NULL ? NULL : p->mask_out + first * (size_t) p->mask_out_steps;
	pass->seed = p->seed;
	pass->iteration = p->step;
	pass->first_sample = piece->first;
	pass->partials = p->partials;
	pass->partial = p->partials + (size_t) piece->thread * p->layer->partial_size;
	pass->partial_stride = p->layer->partial_size;
	pass->n_threads = p->threads;
	return pass;
}

static void
over_pieces(Probe *p, bool training, bool backward, PassFunction function)
{
	PassRoom room;

	for (int i = 0; i < p->pieces; i++)
	{
		Piece piece = piece_at(p, i);
		NNPass *pass = make_pass(&room, p, &piece, training, backward);

		if (piece.count == 0)
			continue;
		pass->scratch =
			probe_reals(p->layer->scratch_fixed + p->layer->scratch_size * (size_t) piece.count);
		function(p->layer, pass);
		free(pass->scratch);
	}
}

static bool
is_identity(const Probe *p, bool training)
{
	unsigned flags = p->layer->kind->flags;

	return (flags & NN_KIND_VIEW) || ((flags & NN_KIND_TRAINING_ONLY) && !training);
}

static void
zero_partials(Probe *p)
{
	memset(p->partials, 0, (size_t) p->threads * p->layer->partial_size * sizeof(double));
}

void
probe_forward(Probe *p, bool training)
{
	const NNKind *kind = p->layer->kind;

	make_pieces(p);
	fill_nan(p->y, (size_t) p->batch * p->out_size);
	if (is_identity(p, training))
	{
		nn_copy(p->y, p->x[0], (size_t) p->batch * p->out_size);
		return;
	}
	if (training && kind->forward_reduce != NULL)
	{
		zero_partials(p);
		over_pieces(p, training, false, kind->forward_reduce);
	}
	over_pieces(p, training, false, kind->forward);
}

/* One of three parts of the weights' gradient that backward left out; of rows, one has one alone. */
static void
add_part(const NNLayer *layer, const NNPass *pass, int part)
{
	const int rows = layer->gradient_rows, begin[] = {0, 1, 1 + rows / 3, rows};

	if (rows == 0)
		layer->kind->gradient_part(layer, pass, part, 3);
	else
		layer->kind->add_rows(
			layer, pass, begin[part], begin[part + 1],
			pass->grads + (size_t) begin[part] * (size_t) nn_shape_last(&layer->params[0].shape));
}

/* All of it. */
static void
split_gradient(Probe *p)
{
	PassRoom room;

	for (int part = 0; part < 3; part++)
	{
		for (int i = 0; i < p->pieces; i++)
		{
			Piece piece = piece_at(p, i);
			NNPass *pass = make_pass(&room, p, &piece, true, true);

			if (piece.count == 0)
				continue;
			pass->scratch = probe_reals(p->layer->scratch_fixed +
										p->layer->scratch_size * (size_t) piece.count);
			add_part(p->layer, pass, part);
			free(pass->scratch);
		}
	}
}

void
probe_backward(Probe *p)
{
	const NNKind *kind = p->layer->kind;

	for (int i = 0; i < p->n_inputs; i++)
		fill_nan(p->dx[i], (size_t) p->batch * p->in_size[i]);
	nn_copy(p->dy_work, p->dy, (size_t) p->batch * p->out_size);
	if (is_identity(p, true))
	{
		nn_copy(p->dx[0], p->dy, (size_t) p->batch * p->out_size);
		return;
	}
	if (kind->backward_reduce != NULL)
		over_pieces(p, true, true, kind->backward_reduce);
	over_pieces(p, true, true, kind->backward);
	if (p->layer->split_gradient && p->want_grads)
		split_gradient(p);
}

void
probe_end_step(Probe *p, nn_real *params)
{
	PassRoom room;
	Piece piece = piece_at(p, 0);
	NNPass *pass = make_pass(&room, p, &piece, true, false);

	if (p->layer->kind->end_step == NULL)
		return;
	pass->scratch =
		probe_reals(p->layer->scratch_fixed + p->layer->scratch_size * (size_t) piece.count);
	p->layer->kind->end_step(p->layer, pass, params);
	free(pass->scratch);
}
