/*
 * gan_options.c
 *	  The options of an adversarial training: the table that
 *	  nnet.gan_options() and fit_gan share.
 *
 * A row of the table is also an argument of nnet.gan_options(), in this order.
 * What nnet.options() makes is taken as well, as long as no rows are to be
 * held back for validation.
 */
#include "pg/train/fit_gan.h"

/* further fields may follow */
#define OPTION(TYPE, member, ...)                                                                \
	{                                                                                            \
		.name = #member, .type = NNET_OPTION_##TYPE, .offset = offsetof(NnetGanOptions, member), \
		__VA_ARGS__                                                                              \
	}
#define RANGE(default, least, most) .def = default, .min = least, .max = most

#define USUAL_CLIP 0.01 /* of the paper that clips weights */

static const NnetOption gan_options[] = {
	OPTION(INT, epochs, RANGE(1, 1, 1000000)),
	OPTION(INT, batch_size, RANGE(32, 1, 1000000)),
	OPTION(BOOL, shuffle, .def = true),
	OPTION(BIGINT, seed, RANGE(0, (double) PG_INT64_MIN, (double) PG_INT64_MAX)),
	OPTION(BOOL, verbose, .def = false),
	OPTION(WORD, noise, .def = NN_NOISE_NORMAL, .words = nn_noise_words),
	OPTION(INT, discriminator_steps, RANGE(1, 1, 1000)),
	OPTION(REAL, label_smoothing, RANGE(0, 0, 0.5)),
	OPTION(WORD, loss, .def = NN_GAN_NONE, .words = nn_gan_loss_words),
	OPTION(REAL, clip, RANGE(-1, 0, 1e6)),
	OPTION(INT, condition, RANGE(0, 0, NN_MAX_UNITS)),
	OPTION(SECONDS, time_limit, RANGE(0, 0, 1e9)),
};

static const NnetOptionTable gan_table = {
	"fit_gan",
	"nnet.gan_options(epochs => 5, ...)",
	gan_options,
	lengthof(gan_options),
};

PG_FUNCTION_INFO_V1(nnet_gan_options);

/* What nnet.options() makes for fit alone may be there, but must say nothing: the object without it. */
static NNValue *
without_options_of_fit(NNValue *object)
{
	NNValue *rest;

	if (object->type != NN_V_OBJECT)
		return object;
	rest = palloc(sizeof(NNValue));
	*rest = nnet_value_object(object->count);
	for (int i = 0; i < object->count; i++)
	{
		const char *key = object->keys[i];
		const NnetOption *of_fit = nnet_option_find(&nnet_fit_option_table, key);

		if (of_fit == NULL || nnet_option_find(&gan_table, key) != NULL)
			nnet_value_set(rest, key, object->items[i]);
		else if (!nnet_option_says_nothing(of_fit, &object->items[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("fit_gan has no option \"%s\"", key),
					 of_fit->alone != NULL ? errdetail("%s", of_fit->alone) : 0,
					 errhint("Leave it out; nnet.gan_options() makes what fit_gan takes.")));
	}
	return rest;
}

void
nnet_gan_options_read(Jsonb *jsonb, NnetGanOptions *options)
{
	NNValue *object = jsonb ? without_options_of_fit(nnet_value_from_jsonb(jsonb)) : NULL;

	nnet_options_parse(&gan_table, object, options);
	options->seed = nnet_options_seed(object, options->seed, NULL);
}

void
nnet_gan_options_resolve(NnetGanOptions *options, const NnetModel *discriminator)
{
	const NNLoss *compiled = &discriminator->objectives.of[0].loss;

	if (options->loss == NN_GAN_NONE)
		options->loss = nn_gan_loss(compiled);
	if (options->loss == NN_GAN_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discriminator \"%s\" is compiled with the loss %s, which is none of a "
						"discriminator's",
						discriminator->name, nn_loss_name(compiled)),
				 errhint("Compile it with binary_crossentropy or mean_squared_error, "
						 "or give fit_gan the option \"loss\".")));
	if (!nn_loss_plain(compiled))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("discriminator \"%s\" is compiled with arguments for its loss, which fit_gan "
					"does not heed",
					discriminator->name),
			 errhint("Compile it with the loss by its name; nnet.gan_options() has "
					 "label_smoothing.")));
	if (options->clip < 0)
		options->clip = options->loss == NN_GAN_WASSERSTEIN ? USUAL_CLIP : 0;
}

/*
 * nnet.gan_options(epochs, batch_size, ...): the arguments as jsonb, checked.
 */
Datum
nnet_gan_options(PG_FUNCTION_ARGS)
{
	NnetGanOptions options;

	PG_RETURN_JSONB_P(nnet_options_arguments(fcinfo, &gan_table, &options));
}
