/*
 * layer_sequence.c
 *	  Layers around recurrent ones: bidirectional, time_distributed, embedding,
 *	  masking, repeat_vector and permute.
 */
#include "test/unit/recurrent.h"

/* ---- bidirectional ---- */

/* A sample's steps up to the last that counts; at least one. */
static int
steps_of(const uint8_t *mask)
{
	int length = RECURRENT_STEPS;

	while (length > 1 && !mask[length - 1])
		length--;
	return length;
}

/* Copies of the two directions as layers of their own give what the wrapper gives. */
static void
both_directions(bool sequences, bool masked, bool padded)
{
	const char *configs[] = {
		sequences ? "{\"units\": 5, \"return_sequences\": true}" : "{\"units\": 5}",
		sequences ? "{\"units\": 5, \"go_backwards\": true, \"return_sequences\": true}"
				  : "{\"units\": 5, \"go_backwards\": true}",
	};
	ProbeSpec spec = {
		.kind = "bidirectional",
		.config = sequences
			? "{\"layer\": {\"kind\": \"lstm\", \"units\": 5, \"return_sequences\": true}}"
			: "{\"layer\": {\"kind\": \"lstm\", \"units\": 5}}",
		.in = {{2, {RECURRENT_STEPS, RECURRENT_FEATURES}}},
		.batch = RECURRENT_BATCH,
		.masked = masked,
		.padded = padded,
	};
	Probe *p = probe_make(&spec, NULL);
	int rows = sequences ? RECURRENT_STEPS : 1;
	double worst = 0;

	spec.kind = "lstm";
	recurrent_fill(p);
	CHECK(p->layer->n_params == 6 && strcmp(p->layer->params[0].name, "forward_kernel") == 0 &&
			  strcmp(p->layer->params[5].name, "backward_bias") == 0,
		  "the forward layer's parameters come first");
	probe_forward(p, true);
	for (int d = 0; d < 2; d++)
	{
		Probe *q;

		spec.config = configs[d];
		q = probe_make(&spec, NULL);
		recurrent_fill(q);
		nn_copy(q->x[0], p->x[0], p->in_size[0] * RECURRENT_BATCH);
		nn_copy(q->params, p->params + (size_t) d * q->layer->param_size, q->layer->param_size);
		probe_forward(q, true);
		for (int s = 0; s < RECURRENT_BATCH; s++)
		{
			int length = padded ? steps_of(p->padding + s * RECURRENT_STEPS) : RECURRENT_STEPS;

			for (int t = 0; t < rows; t++)
			{
				int at = d == 1 && sequences && t < length ? length - 1 - t : t;
				const uint8_t *mask = masked ? p->mask : p->padding;
				bool hidden = mask != NULL && sequences && !mask[s * RECURRENT_STEPS + t];

				for (int i = 0; i < 5; i++)
				{
					nn_real expected = hidden ? 0 : q->y[(s * rows + at) * 5 + i];
					nn_real got = p->y[(s * rows + t) * 10 + d * 5 + i];

					worst = fmax(worst, fabs((double) (got - expected)));
				}
			}
		}
		probe_free(q);
	}
	CHECK(worst < 1e-6, "bidirectional is both directions, side by side: %s%s%s",
		  sequences ? "sequences" : "last outputs", masked ? ", masked" : "",
		  padded ? ", padded" : "");
	probe_free(p);
}

#define BOTH(inner, options) "{\"layer\": {\"kind\": " inner "}" options "}"

static void
bidirectional_gradients(void)
{
	GRADCHECK(.kind = "bidirectional", .config = BOTH("\"lstm\", \"units\": 3", ""),
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "bidirectional",
			  .config = BOTH("\"gru\", \"units\": 3, \"return_sequences\": true",
							 ", \"merge_mode\": \"mul\""),
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "bidirectional",
			  .config = BOTH("\"simple_rnn\", \"units\": 3, \"return_sequences\": true",
							 ", \"merge_mode\": \"ave\""),
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "bidirectional",
			  .config = BOTH("\"lstm\", \"units\": 3, \"go_backwards\": true",
							 ", \"merge_mode\": \"sum\""),
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "bidirectional",
			  .config =
				  BOTH("\"gru\", \"units\": 3, \"dropout\": 0.3, \"recurrent_dropout\": 0.3", ""),
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "bidirectional",
			  .config = BOTH(
				  "\"lstm\", \"units\": 3, \"return_sequences\": true",
				  ", \"backward_layer\": {\"kind\": \"gru\", \"units\": 5, \"go_backwards\": true, "
				  "\"return_sequences\": true}"),
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "bidirectional",
			  .config =
				  BOTH("\"gru\", \"units\": 4",
					   ", \"merge_mode\": \"mul\", \"backward_layer\": {\"kind\": \"simple_rnn\", "
					   "\"units\": 4, \"go_backwards\": true, \"dropout\": 0.3}"),
			  .in = {{2, {4, 3}}}, .batch = 5);
	numbers_refused(
		"bidirectional",
		BOTH("\"lstm\", \"units\": 3", ", \"backward_layer\": {\"kind\": \"lstm\", \"units\": 3}"),
		nn_shape2(4, 3), "its layer goes forwards, its backward_layer forwards");
	numbers_refused(
		"bidirectional",
		BOTH("\"lstm\", \"units\": 3",
			 ", \"backward_layer\": {\"kind\": \"lstm\", \"units\": 3, \"go_backwards\": true, "
			 "\"return_sequences\": true}"),
		nn_shape2(4, 3), "of its two layers one returns sequences");
	numbers_refused(
		"bidirectional",
		BOTH("\"lstm\", \"units\": 3",
			 ", \"merge_mode\": \"sum\", \"backward_layer\": {\"kind\": \"lstm\", \"units\": 4, "
			 "\"go_backwards\": true}"),
		nn_shape2(4, 3), "have 3 and 4 units");
	numbers_refused(
		"bidirectional",
		BOTH("\"lstm\", \"units\": 3", ", \"backward_layer\": {\"kind\": \"dense\", \"units\": 3}"),
		nn_shape2(4, 3), "wraps a recurrent layer, not one of kind \"dense\"");
	numbers_refused("bidirectional", BOTH("\"lstm\", \"units\": 3", ", \"backward_layer\": 3"),
					nn_shape2(4, 3), "backward_layer");
	numbers_refused("bidirectional", BOTH("\"dense\", \"units\": 3", ""), nn_shape2(4, 3),
					"wraps a recurrent layer");
	numbers_refused("bidirectional", BOTH("\"lstm\", \"units\": 3", ", \"merge_mode\": \"max\""),
					nn_shape2(4, 3), "merge_mode");
	numbers_refused("bidirectional", "{}", nn_shape2(4, 3), "layer");
	numbers_refused("bidirectional", BOTH("\"lstm\", \"units\": 3", ""), nn_shape1(4),
					"takes steps of features");
}

/* ---- time_distributed ---- */

static void
time_distributed(void)
{
	GRADCHECK(.kind = "time_distributed",
			  .config = BOTH("\"dense\", \"units\": 3, \"activation\": \"tanh\"", ""),
			  .in = {{2, {NN_ANY, 3}}}, .steps = 4, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "time_distributed", .config = BOTH("\"flatten\"", ""), .in = {{3, {4, 3, 2}}},
			  .batch = 5);
	GRADCHECK(.kind = "time_distributed", .config = BOTH("\"lstm\", \"units\": 2", ""),
			  .in = {{3, {3, 4, 2}}}, .batch = 5);
	GRADCHECK(.kind = "time_distributed", .config = BOTH("\"dropout\", \"rate\": 0.4", ""),
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "time_distributed", .config = BOTH("\"dense\", \"units\": 512", ""),
			  .in = {{2, {2, 515}}}, .batch = 5, .samples = 40);
	GRADCHECK(.kind = "time_distributed",
			  .config = BOTH("\"bidirectional\", \"layer\": {\"kind\": \"gru\", \"units\": 2}", ""),
			  .in = {{3, {3, 4, 2}}}, .batch = 5);
	numbers_refused("time_distributed", BOTH("\"dense\", \"units\": 3", ""), nn_shape1(4),
					"takes steps");
	numbers_refused("time_distributed", BOTH("\"batch_normalization\"", ""), nn_shape2(4, 3),
					"looks at other rows too");
	numbers_refused("time_distributed", BOTH("\"input\", \"shape\": [3]", ""), nn_shape2(4, 3),
					"cannot wrap");
}

/* ---- embedding and masking ---- */

static void
embedding(void)
{
	static const double table[] = {0, 1, 10, 11, 20, 21};
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "embedding",
					 .config = "{\"input_dim\": 3, \"output_dim\": 2, \"mask_zero\": true}",
					 .in = {{1, {4}}},
					 .batch = 2},
		NULL);

	numbers_set(p->params, table, 6);
	numbers_set(p->x[0], (double[]){2, 0, 1, 2, 0, 1, -5, 1e30}, 8);
	numbers_set(p->dy, (double[]){1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 0, 0, 0, 0}, 16);
	probe_forward(p, true);
	numbers_check("rows of the table; ids outside stay within it", p->y,
				  (double[]){20, 21, 0, 1, 10, 11, 20, 21, 0, 1, 10, 11, 0, 1, 20, 21}, 16, 0);
	CHECK(memcmp(p->mask_out, "\1\0\1\1\0\1\0\1", 8) == 0, "mask_zero hides id 0");
	probe_backward(p);
	numbers_check("gradients add up row by row", p->grads, (double[]){4, 5, 6, 7, 8, 10}, 6, 1e-6);
	p->x[0][3] = NAN;
	probe_forward(p, false);
	CHECK(p->y[6] == 0 && p->y[7] == 1, "NaN reads the first row");
	probe_free(p);

	GRADCHECK(.kind = "embedding", .config = "{\"input_dim\": 7, \"output_dim\": 3}",
			  .in = {{1, {NN_ANY}}}, .steps = 5, .batch = 5, .indexes = 7, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "embedding", .config = "{\"input_dim\": 7, \"output_dim\": 3}",
			  .in = {{2, {3, 2}}}, .batch = 5, .indexes = 7);
	GRADCHECK(.kind = "embedding",
			  .config = "{\"input_dim\": 7, \"output_dim\": 3, \"mask_zero\": true}",
			  .in = {{1, {NN_ANY}}}, .steps = 5, .batch = 5, .indexes = 7, .mask = GRADCHECK_BOTH);
	numbers_refused("embedding", "{\"input_dim\": 0, \"output_dim\": 3}", nn_shape1(4),
					"input_dim");
	numbers_refused("embedding", "{\"input_dim\": 5}", nn_shape1(4), "output_dim");
	numbers_refused("embedding", "{\"input_dim\": 5, \"output_dim\": 3, \"mask_zero\": true}",
					nn_shape2(4, 2), "mask_zero");
	numbers_refused("embedding", "{\"input_dim\": 5, \"output_dim\": 3}", nn_shape4(2, 2, 2, 2),
					"1 to 3 dimensions");
	numbers_refused("embedding", "{\"input_dim\": 16777216, \"output_dim\": 1048576}", nn_shape1(4),
					"parameters");
}

static void
masking(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "masking",
									   .config = "{\"mask_value\": -1}",
									   .in = {{2, {3, 2}}},
									   .batch = 2,
									   .masked = true,
									   .padded = true},
						  NULL);

	memset(p->mask, 0, 6);
	p->padding[3] = 0;
	numbers_set(p->x[0], (double[]){-1, -1, -1, 2, 0, 0, 3, 4, -1, -1, -1, -1}, 12);
	probe_forward(p, true);
	numbers_check("hidden steps become 0", p->y, (double[]){0, 0, -1, 2, 0, 0, 3, 4, 0, 0, 0, 0},
				  12, 0);
	CHECK(memcmp(p->mask_out, "\0\1\1\0\0\0", 6) == 0,
		  "steps of only mask_value are hidden, whatever was, and padding stays padding");
	numbers_set(p->dy, (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12);
	probe_backward(p);
	numbers_check("and have no gradient", p->dx[0], (double[]){0, 0, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0},
				  12, 0);
	probe_free(p);
	GRADCHECK(.kind = "masking", .in = {{2, {NN_ANY, 3}}}, .steps = 4, .batch = 5,
			  .mask = GRADCHECK_BOTH);
	numbers_refused("masking", "{}", nn_shape1(4), "steps of features");
	numbers_refused("masking", "{\"mask_value\": \"x\"}", nn_shape2(4, 2), "mask_value");
}

/* ---- repeat_vector and permute ---- */

static void
shapes(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "permute",
									   .config = "{\"dims\": [3, 1, 2]}",
									   .in = {{3, {2, 1, 3}}},
									   .batch = 1},
						  NULL);

	CHECK(p->layer->out.rank == 3 && p->layer->out.dim[0] == 3 && p->layer->out.dim[1] == 2 &&
			  p->layer->out.dim[2] == 1,
		  "permute counts from 1");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 5, 6}, 6);
	probe_forward(p, true);
	numbers_check("permuted", p->y, (double[]){1, 4, 2, 5, 3, 6}, 6, 0);
	numbers_set(p->dy, (double[]){1, 2, 3, 4, 5, 6}, 6);
	probe_backward(p);
	numbers_check("and back", p->dx[0], (double[]){1, 3, 5, 2, 4, 6}, 6, 0);
	probe_free(p);
	GRADCHECK(.kind = "permute", .config = "{\"dims\": [2, 1]}", .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "permute", .config = "{\"dims\": [2, 4, 1, 3]}", .in = {{4, {2, 3, 4, 5}}},
			  .batch = 5);
	GRADCHECK(.kind = "permute", .config = "{\"dims\": [1, 3, 2]}", .in = {{3, {NN_ANY, 3, 2}}},
			  .steps = 4, .batch = 5, .mask = GRADCHECK_BOTH);
	numbers_refused("permute", "{\"dims\": [1, 1]}", nn_shape2(4, 3), "each of 1 to 2 once");
	numbers_refused("permute", "{\"dims\": [1, 2, 3]}", nn_shape2(4, 3), "each of 1 to 2 once");
	numbers_refused("permute", "{\"dims\": [0, 1]}", nn_shape2(4, 3), "dims");
	numbers_refused("permute", "{\"dims\": [null, 1]}", nn_shape2(4, 3), "dims");
	numbers_refused("permute", "{\"dims\": [2, 1]}", nn_shape2(NN_ANY, 3), "must stay the first");

	p = probe_make(
		&(ProbeSpec){.kind = "repeat_vector", .config = "{\"n\": 3}", .in = {{1, {2}}}, .batch = 2},
		NULL);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	probe_forward(p, true);
	numbers_check("repeated", p->y, (double[]){1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}, 12, 0);
	probe_free(p);
	GRADCHECK(.kind = "repeat_vector", .config = "{\"n\": 3}", .in = {{1, {4}}}, .batch = 5);
	numbers_refused("repeat_vector", "{\"n\": 0}", nn_shape1(4), "n");
	numbers_refused("repeat_vector", "{\"n\": 3}", nn_shape2(4, 2), "takes one vector");
	numbers_refused("repeat_vector", "{\"n\": 3}", nn_shape1(NN_ANY), "takes one vector");
}

int
main(void)
{
	for (int i = 0; i < 8; i++)
		both_directions(i & 1, i & 2, i & 4);
	bidirectional_gradients();
	time_distributed();
	embedding();
	masking();
	shapes();
	return unit_done();
}
