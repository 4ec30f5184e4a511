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

/* What fit has and two models cannot: it goes by rows for validation, or by one loss. */
static const char *const of_one_model[] = {
	"early_stopping", "reduce_lr_on_plateau", "best_weights", "validation_freq", "initial_epoch",
};

static void
refuse_of_one_model(const NNValue *object)
{
	for (int i = 0; i < (int) lengthof(of_one_model); i++)
	{
		const NNValue *value = nn_value_get(object, of_one_model[i]);

		if (value == NULL || value->type == NN_V_NULL)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fit_gan has no option \"%s\"", of_one_model[i]),
				 errdetail("The losses of two models against each other do not tell which epoch is "
						   "better."),
				 errhint("Leave it out; train by several calls and look at nnet.generate() in "
						 "between, or give a time_limit.")));
	}
}

/* Whether nnet.options() makes that key, and it has nothing to say here. */
static bool
is_passed_over(const char *key)
{
	for (int i = 0; i < (int) lengthof(of_one_model); i++)
		if (strcmp(key, of_one_model[i]) == 0)
			return true;
	return strcmp(key, "validation_split") == 0;
}

/* The object without what nnet.options() makes for one model alone, which must say nothing. */
static NNValue *
without_validation(NNValue *object)
{
	const NNValue *split;
	NNValue *rest;

	if (object->type != NN_V_OBJECT)
		return object;
	split = nn_value_get(object, "validation_split");
	if (split != NULL && split->type != NN_V_NULL &&
		!(split->type == NN_V_NUMBER && split->number == 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fit_gan holds back no rows for validation"),
				 errhint("Leave validation_split out.")));
	refuse_of_one_model(object);
	rest = palloc(sizeof(NNValue));
	*rest = nnet_value_object(object->count);
	for (int i = 0; i < object->count; i++)
		if (!is_passed_over(object->keys[i]))
			nnet_value_set(rest, object->keys[i], object->items[i]);
	return rest;
}

void
nnet_gan_options_read(Jsonb *jsonb, NnetGanOptions *options)
{
	NNValue *object = jsonb ? without_validation(nnet_value_from_jsonb(jsonb)) : NULL;

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
