/*
 * outer.c
 *	  The outer optimizer of nnet.fit_rounds(): what a round makes of the average of
 *	  the models that buckets have trained.
 *
 * How far the average is from the model before is taken for a gradient, by which
 * stochastic gradient descent with (Nesterov) momentum goes on: DiLoCo, Douillard
 * et al. 2023.  A learning rate of 1 without momentum is the average itself.
 */
#include "pg/rounds/rounds.h"

#include <math.h>

#define OUTER(TYPE, member, ...)                                                            \
	{                                                                                       \
		.name = #member, .type = NNET_OPTION_##TYPE, .offset = offsetof(NnetOuter, member), \
		__VA_ARGS__                                                                         \
	}
#define RANGE(default, least, most) .def = default, .min = least, .max = most
#define PIECE ((size_t) 1 << 20) /* values between two looks at interrupts */

static const NnetOption outer_options[] = {
	OUTER(REAL, learning_rate, RANGE(0.7, 0, INFINITY)),
	OUTER(REAL, momentum, RANGE(0.9, 0, 1)),
	OUTER(BOOL, nesterov, .def = true),
};

static const NnetOptionTable outer_table = {
	"outer",
	"nnet.outer(learning_rate => 0.7, ...)",
	outer_options,
	lengthof(outer_options),
};

PG_FUNCTION_INFO_V1(nnet_outer);

void
nnet_outer_parse(Jsonb *jsonb, NnetOuter *outer)
{
	nnet_options_parse(&outer_table, jsonb != NULL ? nnet_value_from_jsonb(jsonb) : NULL, outer);
	outer->given = jsonb != NULL;
	if (jsonb == NULL)
		*outer = (NnetOuter){.learning_rate = 1};
}

/* nnet.outer(learning_rate, momentum, nesterov): the arguments as jsonb, checked. */
Datum
nnet_outer(PG_FUNCTION_ARGS)
{
	NnetOuter outer;

	PG_RETURN_JSONB_P(nnet_options_arguments(fcinfo, &outer_table, &outer));
}

/* As PyTorch's SGD has it, in doubles: the velocity takes the gradient, then the weight moves. */
static void
step(const NnetOuter *outer, nn_real *before, const nn_real *after, nn_real *velocity, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		double gradient = (double) before[i] - (double) after[i];
		double direction = gradient;

		if (i % PIECE == 0)
			nnet_check_interrupts();
		if (velocity != NULL)
		{
			velocity[i] = (nn_real) (outer->momentum * velocity[i] + gradient);
			direction =
				outer->nesterov ? gradient + outer->momentum * velocity[i] : (double) velocity[i];
		}
		before[i] = (nn_real) (before[i] - outer->learning_rate * direction);
	}
}

void
nnet_outer_step(const NnetOuter *outer, const NNModel *core, nn_real *before, const nn_real *after,
				nn_real *velocity)
{
	for (int i = 0; i < core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(core, i);
		NNParams params = nn_layer_params(layer);

		for (int k = 0; k < params.n; k++)
		{
			size_t at = params.offset + params.of[k].offset;

			/* exactly the average, where nothing else was asked for */
			if (!outer->given || !params.of[k].trainable || !nn_layer_trainable(layer))
				memcpy(before + at, after + at, params.of[k].size * sizeof(nn_real));
			else
				step(outer, before + at, after + at, velocity != NULL ? velocity + at : NULL,
					 params.of[k].size);
		}
	}
}
