/*
 * graph_gradcheck.c
 *	  The check of layer kinds itself: each fault it is there for, made on
 *	  purpose in a kind that is right otherwise, must be found.
 *
 * The kind is y = w x^2 + b over (steps, c), where the mask hides nothing that
 * matters, with `mean` the mean over the batch subtracted (coupled samples),
 * so that every pass of a kind is in use.  This program's registry stands in
 * for the real one.
 */
#include "core/graph/model.h"
#include "test/unit/gradcheck.h"

typedef enum Fault
{
	NO_FAULT,
	WRONG_DX,
	WRONG_GRAD,
	LEAVES_Y,
	READS_SCRATCH,
	READS_SAVED,
	WRITES_X,
	WRITES_PARAMS,
	ADDS_TO_DX,
	OVERWRITES_GRADS,
	STATE_GRAD,
	FROZEN_DX,
	BACKWARD_WRITES_Y,
	FORGETS_SAMPLES,
	DRAWS_ANEW,
	SUMS_OWN_THREAD,
	END_OWN_THREAD,
	BATCH_IN_INFERENCE,
	SEES_MASKED,
	SHIFTS_WITH_STEPS,
	N_FAULTS
} Fault;

static Fault fault;
static int calls; /* for the kind that is not deterministic */

static const NNField no_fields[] = {NN_FIELD_END};

static const NNField input_fields[] = {NN_FIELD_IGNORED("shape"), NN_FIELD_END};

static bool
input_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = nn_shape2(NN_ANY, 3);
	return true;
}

static bool
square_shape(NNLayer *layer, NNError *error)
{
	NNInitializer init = nn_initializer_default(NN_INIT_ONES);
	int c = layer->in[0].dim[1];

	(void) error;
	layer->out = layer->in[0];
	nn_layer_add_param(layer, "w", nn_shape1(c), init, NULL);
	nn_layer_add_param(layer, "b", nn_shape1(c), init, NULL);
	nn_layer_add_param(layer, "moving", nn_shape1(c), init, NULL)->trainable = false;
	if (fault == SHIFTS_WITH_STEPS && layer->in[0].dim[0] != NN_ANY)
		nn_layer_add_param(layer, "late", nn_shape1(c), init, NULL);
	layer->saved_size = nn_shape_size(&layer->in[0]);
	layer->scratch_size = 1;
	layer->scratch_fixed = 1;
	layer->partial_size = 2 * (size_t) c + 1;
	layer->mask_from = 0;
	return true;
}

static size_t
rows_of(const NNLayer *layer, const NNPass *pass)
{
	return nn_pass_rows(&layer->in[0], pass);
}

/* partial: count, sums of w x^2 (c); backward's sums of dy (c) follow. */
static void
square_forward_reduce(const NNLayer *layer, const NNPass *pass)
{
	int c = layer->in[0].dim[1];

	for (size_t r = 0; r < rows_of(layer, pass); r++)
	{
		if (pass->mask != NULL && !pass->mask[r] && fault != SEES_MASKED)
			continue;
		pass->partial[0]++;
		for (int i = 0; i < c; i++)
			pass->partial[1 + i] += pass->params[i] * pass->x[r * c + i] * pass->x[r * c + i];
	}
}

/* Element i of all threads' sums, over their count. */
static double
mean_of(const NNLayer *layer, const NNPass *pass, int i, bool own)
{
	double sum = 0;
	double count = 0;

	for (int t = 0; t < pass->n_threads; t++)
	{
		const double *partial = pass->partials + (size_t) t * pass->partial_stride;

		if (own && partial != pass->partial)
			continue;
		count += partial[0];
		sum += partial[i];
	}
	(void) layer;
	return count > 0 ? sum / count : 0;
}

static void
square_forward(const NNLayer *layer, const NNPass *pass)
{
	int c = layer->in[0].dim[1];
	size_t rows = rows_of(layer, pass);
	nn_real extra = 0;

	if (fault == FORGETS_SAMPLES && pass->batch < 7)
		extra = 1;
	if (fault == READS_SCRATCH)
		extra += pass->scratch[pass->batch];
	if (fault == READS_SAVED)
		extra += pass->saved[0];
	if (fault == DRAWS_ANEW)
		extra += (nn_real) calls++;
	if (fault == BATCH_IN_INFERENCE && !pass->training)
		extra += (nn_real) pass->batch;
	if (fault == WRITES_X)
		((nn_real *) pass->x)[0] += 1;
	if (fault == WRITES_PARAMS)
		((nn_real *) pass->params)[0] += 1;
	for (size_t r = 0; r < rows; r++)
	{
		for (int i = 0; i < c; i++)
		{
			nn_real x = pass->x[r * c + i];
			double mean = pass->training ? mean_of(layer, pass, 1 + i, fault == SUMS_OWN_THREAD)
										 : (double) pass->params[2 * c + i];

			pass->saved[r * c + i] = x;
			if (fault != LEAVES_Y || r > 0)
				pass->y[r * c + i] =
					(nn_real) (pass->params[i] * x * x + pass->params[c + i] - mean + extra);
		}
	}
}

static void
square_backward_reduce(const NNLayer *layer, const NNPass *pass)
{
	int c = layer->in[0].dim[1];

	for (size_t r = 0; r < rows_of(layer, pass); r++)
		for (int i = 0; i < c; i++)
			pass->partial[1 + c + i] += pass->dy[r * c + i];
}

static void
square_backward(const NNLayer *layer, const NNPass *pass)
{
	int c = layer->in[0].dim[1];

	for (size_t r = 0; r < rows_of(layer, pass); r++)
	{
		bool counts = pass->mask == NULL || pass->mask[r] || fault == SEES_MASKED;

		for (int i = 0; i < c; i++)
		{
			nn_real x = pass->saved[r * c + i];
			nn_real dy = pass->dy[r * c + i];
			nn_real dz = dy - (nn_real) (counts ? mean_of(layer, pass, 1 + c + i, false) : 0);
			nn_real dx = dz * 2 * pass->params[i] * x * (fault == WRONG_DX ? (nn_real) 1.001 : 1);

			if (fault == FROZEN_DX && pass->grads == NULL)
				dx += 1;
			if (pass->dx != NULL)
				pass->dx[r * c + i] = (fault == ADDS_TO_DX ? pass->dx[r * c + i] : 0) + dx;
			if (pass->grads == NULL)
				continue;
			if (fault == OVERWRITES_GRADS && r == 0)
				pass->grads[i] = 0;
			pass->grads[i] += dz * x * x;
			pass->grads[c + i] += dy * (fault == WRONG_GRAD ? (nn_real) 1.001 : 1);
			if (fault == STATE_GRAD)
				pass->grads[2 * c + i] += dy;
		}
	}
	if (fault == BACKWARD_WRITES_Y)
		pass->y[0] += 1;
	pass->dy[0] = 1000; /* which it may */
}

static void
square_end_step(const NNLayer *layer, const NNPass *pass, nn_real *params)
{
	int c = layer->in[0].dim[1];

	for (int i = 0; i < c; i++)
		params[2 * c + i] = (nn_real) mean_of(layer, pass, 1 + i, fault == END_OWN_THREAD);
}

static const NNKind input_kind = {.name = "input", .fields = input_fields, .shape = input_shape};
static const NNKind square_kind = {
	.name = "square",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.fields = no_fields,
	.shape = square_shape,
	.forward = square_forward,
	.backward = square_backward,
	.forward_reduce = square_forward_reduce,
	.backward_reduce = square_backward_reduce,
	.end_step = square_end_step,
};

const NNKind *
nn_kind_find(const char *name)
{
	return strcmp(name, "input") == 0 ? &input_kind
		: strcmp(name, "square") == 0 ? &square_kind
									  : NULL;
}

const char *
nn_kind_name(int i)
{
	return i == 0 ? "input" : i == 1 ? "square" : NULL;
}

/* ---- the tests ---- */

static const GradCheck spec = {
	.kind = "square",
	.in = {{2, {NN_ANY, 3, 0, 0}}},
	.steps = 4,
	.batch = 7,
	.mask = GRADCHECK_HOLES,
};

/* Whether the check finds the fault under this promise. */
static bool
finds(Fault made, const char *promise)
{
	GradReport report;
	bool found = false;

	fault = made;
	gradcheck(&spec, &report);
	fault = NO_FAULT;
	for (int i = 0; i < report.n; i++)
		if (!report.results[i].held && strstr(report.results[i].text, promise) != NULL)
			found = true;
	if (!found)
		for (int i = 0; i < report.n; i++)
			printf("# %s %s\n", report.results[i].held ? "held" : "broken", report.results[i].text);
	return found;
}

static void
test_faults(void)
{
	static const struct
	{
		Fault fault;
		const char *promise;
	} faults[] = {
		{LEAVES_Y, "forward writes all of y"},
		{READS_SCRATCH, "forward writes all of y"},
		{READS_SAVED, "forward writes all of y"},
		{WRITES_X, "forward leaves x and parameters alone"},
		{WRITES_PARAMS, "forward leaves x and parameters alone"},
		{DRAWS_ANEW, "forward twice gives the same bits"},
		{ADDS_TO_DX, "backward overwrites all of dx"},
		{BACKWARD_WRITES_Y, "backward leaves x, y and parameters alone"},
		{OVERWRITES_GRADS, "backward adds to grads"},
		{STATE_GRAD, "no gradients for what is not trainable"},
		{FROZEN_DX, "frozen: the same dx"},
		{FORGETS_SAMPLES, "the same with 1 threads of 3 chunks"},
		{SUMS_OWN_THREAD, "the same with 2 threads of 2 chunks"},
		{END_OWN_THREAD, "the same with 3 threads of 1 chunks"},
		{BATCH_IN_INFERENCE, "each sample alone gives the same"},
		{SEES_MASKED, "what the mask hides does not matter"},
		{SHIFTS_WITH_STEPS, "builds"},
#ifdef NN_DOUBLE
		{WRONG_DX, "dx[0] is the derivative"},
		{WRONG_GRAD, "the gradient of b is the derivative"},
#endif
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(faults); i++)
		CHECK(finds(faults[i].fault, faults[i].promise), "fault %d breaks \"%s\"", faults[i].fault,
			  faults[i].promise);
}

int
main(void)
{
	gradcheck_at(&spec, __FILE__, __LINE__);
	test_faults();
	return unit_done();
}
