/*
 * gan_plan.c
 *	  Two models made ready to be trained against each other.
 *
 * The losses, y being the discriminator's output for a row:
 *	 binary_crossentropy	-log y for real rows, -log(1 - y) for generated ones
 *							(the mean over both); generator: -log y
 *	 least_squares			(y - 1)^2, y^2 (the mean over both); generator: (y - 1)^2
 *	 wasserstein			mean of y over generated rows - mean over real ones;
 *							generator: -y
 *
 * Plans: the generator's and the discriminator's cut a batch in the same way,
 * so that each thread hands its own rows from one to the other.
 */
#include "core/losses/metric.h"
#include "core/nn_reading.h"
#include "core/train/gan.h"

const NNWord nn_gan_loss_words[] = {
	{"binary_crossentropy", NN_GAN_CROSSENTROPY},
	{"least_squares", NN_GAN_LEAST_SQUARES},
	{"wasserstein", NN_GAN_WASSERSTEIN},
	{NULL, 0},
};

const NNWord nn_noise_words[] = {
	{"normal", NN_NOISE_NORMAL},
	{"uniform", NN_NOISE_UNIFORM},
	{NULL, 0},
};

/* ---- the loss of a critic, and how often it is right ---- */

/* Sum of -s y, where s is 1 for real rows and -1 for generated ones. */
static double
critic_run(const NNLossPass *pass)
{
	double sum = 0;

	for (size_t i = 0; i < pass->rows; i++)
	{
		nn_real s = pass->target[i] > 0 ? 1 : -1;

		sum -= (double) (s * pass->y[i]);
		if (pass->dy != NULL)
			pass->dy[i] = -s;
	}
	return sum;
}

static const NNLossKind critic = {
	.name = "wasserstein",
	.meaning = NN_MEANS_NUMBER,
	.run = critic_run,
	.judge = NN_GAN_WASSERSTEIN,
};

/* Smoothed labels are labels all the same. */
static void
hits_run(const NNMetric *metric, const NNLossPass *pass, double *number)
{
	(void) metric;
	for (size_t i = 0; i < pass->rows; i++)
		*number += (pass->y[i] > (nn_real) 0.5) == (pass->target[i] > 0);
}

static void
hits_result(const NNMetric *metric, const double *number, double *values)
{
	(void) metric;
	*values = *number;
}

static const NNMetricKind hits = {
	.name = "hits",
	.target = NN_TARGET_REALS,
	.states = 1,
	.run = hits_run,
	.result = hits_result,
	.rises = true,
};

NNGanLoss
nn_gan_loss(const NNLoss *loss)
{
	return loss->kind->judge;
}

double
nn_gan_loss_weight(NNGanLoss loss)
{
	return loss == NN_GAN_WASSERSTEIN ? 2 : 1;
}

/* ---- what each model is fed with ---- */

/* Of models of one input each: its beginning is new, and its last values are given. */
static void
span_tail(const NNGan *gan, const NNModel *model, NNGanSpan *spans, int *n)
{
	size_t given = (size_t) gan->condition;
	size_t width = nn_shape_size(&nn_model_input(model, 0)->out);
	size_t row = nn_shape_size(&nn_model_input(gan->discriminator.model, 0)->out);

	spans[0] = (NNGanSpan){.n = width - given, .from = NN_GAN_NEW};
	spans[1] = (NNGanSpan){.at = width - given, .n = given, .from_at = row - given};
	*n = given > 0 ? 2 : 1;
}

/* Inputs that both models have, by name, are given. */
static void
span_inputs(const NNGan *gan, const NNModel *model, const NNModel *other, NNGanSpan *spans, int *n)
{
	const NNModel *discriminator = gan->discriminator.model;

	for (int k = 0; k < model->n_inputs; k++)
	{
		const NNLayer *input = nn_model_input(model, k);
		bool given = nn_model_find_input(other, input->name) >= 0;

		spans[k] = (NNGanSpan){
			.input = k,
			.n = nn_shape_size(&input->out),
			.from = given ? nn_model_find_input(discriminator, input->name) : NN_GAN_NEW,
		};
	}
	*n = model->n_inputs;
}

static bool
has_ports(const NNGan *gan)
{
	return gan->generator.model->n_inputs > 1 || gan->discriminator.model->n_inputs > 1;
}

/* Of models whose shapes fit. */
static void
make_spans(NNGan *gan)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;

	if (has_ports(gan))
	{
		span_inputs(gan, generator, discriminator, gan->fed, &gan->n_fed);
		span_inputs(gan, discriminator, generator, gan->taken, &gan->n_taken);
	}
	else
	{
		span_tail(gan, generator, gan->fed, &gan->n_fed);
		span_tail(gan, discriminator, gan->taken, &gan->n_taken);
	}
	gan->judged = 0;
	while (gan->taken[gan->judged].from != NN_GAN_NEW)
		gan->judged++;
}

/* ---- what fits ---- */

static bool
check_ports(const NNModel *model, const char *what, NNError *error)
{
	char shape[64];
	int variable = 0;

	if (model->n_outputs > 1)
	{
		nn_error(error, NN_BAD_SHAPE, "a %s must have one output, not %d", what, model->n_outputs);
		return nn_hint(error, "Merge its outputs by a layer.");
	}
	for (int k = 0; k < model->n_inputs; k++)
	{
		const NNLayer *input = nn_model_input(model, k);
		NNReading reading;

		nn_model_reading(model, k, &reading);
		if (reading.as != NN_READ_NUMBERS)
		{
			nn_error(error, NN_BAD_VALUE, "input \"%s\" of the %s takes no numbers", input->name,
					 what);
			return nn_hint(error,
						   "Make numbers of it in the query, such as an index for an "
						   "embedding.");
		}
		if (input->out.dim[0] == NN_ANY)
			variable = k;
	}
	if (!model->variable)
		return true;
	nn_shape_text(&nn_model_input(model, variable)->out, shape, sizeof(shape));
	nn_error(error, NN_BAD_SHAPE, "the input of a %s must have a fixed shape, not %s", what, shape);
	return nn_hint(error, "Give nnet.input() a number in place of NULL.");
}

/* Of what both are given: an input of one name is of one size. */
static bool
check_given(const NNGan *gan, NNError *error)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;

	for (int k = 0; k < generator->n_inputs; k++)
	{
		const NNLayer *fed = nn_model_input(generator, k);
		int other = nn_model_find_input(discriminator, fed->name);
		const NNLayer *taken = other < 0 ? NULL : nn_model_input(discriminator, other);

		if (taken == NULL || nn_shape_size(&fed->out) == nn_shape_size(&taken->out))
			continue;
		nn_error(error, NN_BAD_SHAPE,
				 "input \"%s\" has size %zu in the generator and %zu in the discriminator",
				 fed->name, nn_shape_size(&fed->out), nn_shape_size(&taken->out));
		return nn_hint(error, "What both models are given must be the same for both.");
	}
	return true;
}

/* Of several inputs: the generator has one of its own for noise, the discriminator one for rows. */
static bool
check_names(const NNGan *gan, int *taken, NNError *error)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;
	int noises = 0;
	int rows = 0;

	if (gan->condition > 0)
	{
		nn_error(error, NN_BAD_VALUE, "a condition is for models of one input");
		return nn_hint(error,
					   "Leave it out: inputs that have the same name in both models are "
					   "given to both.");
	}
	for (int k = 0; k < generator->n_inputs; k++)
		noises += nn_model_find_input(discriminator, nn_model_input(generator, k)->name) < 0;
	for (int k = 0; k < discriminator->n_inputs; k++)
		if (nn_model_find_input(generator, nn_model_input(discriminator, k)->name) < 0)
		{
			*taken = k;
			rows++;
		}
	if (noises > 0 && rows == 1)
		return check_given(gan, error);
	nn_error(error, NN_BAD_SHAPE,
			 "%d inputs of the generator are the discriminator's too, by their names, and %d are "
			 "not; of the discriminator's %d are its own",
			 generator->n_inputs - noises, noises, rows);
	return nn_hint(error,
				   "The generator needs an input of its own for noise, the discriminator "
				   "one for what the generator makes; all others have a name in both.");
}

static bool
check_sizes(const NNGan *gan, const NNShape *taken, NNError *error)
{
	const NNShape *fed = &nn_model_input(gan->generator.model, 0)->out;
	const NNShape *made = &nn_model_output(gan->generator.model, 0)->out;
	size_t given = (size_t) gan->condition;
	char a[64], b[64];

	if (given > 0 && nn_shape_size(made) + given != nn_shape_size(taken))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the generator's output has size %zu, which with a condition of %zu values is not "
				 "the %zu of the discriminator's input",
				 nn_shape_size(made), given, nn_shape_size(taken));
		return nn_hint(error, "A row of data is what the generator makes, and then the condition.");
	}
	if (given > 0 && given >= nn_shape_size(fed))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the generator's input has size %zu, which a condition of %zu values leaves no "
				 "room for noise",
				 nn_shape_size(fed), given);
		return nn_hint(error, "Its input is the noise, and then the condition.");
	}
	if (given > 0 || nn_shape_size(made) == nn_shape_size(taken))
		return true;
	nn_shape_text(made, a, sizeof(a));
	nn_shape_text(taken, b, sizeof(b));
	nn_error(error, NN_BAD_SHAPE,
			 "the generator's output has shape %s, size %zu, "
			 "but the discriminator's input has shape %s, size %zu",
			 a, nn_shape_size(made), b, nn_shape_size(taken));
	return nn_hint(
		error, "The generator must end with what the discriminator begins with, a row of data.");
}

static bool
check_shapes(const NNGan *gan, NNError *error)
{
	const NNModel *discriminator = gan->discriminator.model;
	const NNShape *judged = &nn_model_output(discriminator, 0)->out;
	int taken = 0;
	char a[64];

	if ((has_ports(gan) && !check_names(gan, &taken, error)) ||
		!check_sizes(gan, &nn_model_input(discriminator, taken)->out, error))
		return false;
	if (nn_shape_size(judged) == 1)
		return true;
	nn_shape_text(judged, a, sizeof(a));
	nn_error(error, NN_BAD_SHAPE, "the discriminator's output has shape %s; it must be one number",
			 a);
	return nn_hint(error,
				   "End it with nnet.dense(1, activation => 'sigmoid'), "
				   "or without activation for least_squares and wasserstein.");
}

/* From the input that is judged on gradients reach the generator, through every layer. */
static void
mark_places(NNGan *gan)
{
	const NNModel *discriminator = gan->discriminator.model;
	int root = discriminator->inputs[gan->taken[gan->judged].input];

	for (int i = 0; i < discriminator->n_layers; i++)
	{
		const NNLayer *layer = &discriminator->layers[i];

		gan->places[i] = i == root ? NN_ROOT : NN_BEFORE_ROOTS;
		for (int k = 0; k < layer->n_inputs; k++)
			if (gan->places[layer->inputs[k]] != NN_BEFORE_ROOTS)
				gan->places[i] = NN_AFTER_ROOTS;
	}
}

static bool
check_differentiable(const NNGan *gan, NNError *error)
{
	const NNModel *discriminator = gan->discriminator.model;

	for (int i = 0; i < discriminator->n_layers; i++)
	{
		const NNLayer *layer = &discriminator->layers[i];

		if (gan->places[i] == NN_AFTER_ROOTS && nn_layer_ids(layer) > 0)
		{
			nn_error(error, NN_BAD_VALUE,
					 "layer \"%s\" of the discriminator takes indexes, which no generator "
					 "learns to make",
					 layer->name);
			return nn_hint(error, "Begin it with layers that take any number, such as dense.");
		}
	}
	return true;
}

static bool
check_learned(const NNModel *model, const nn_real *params, const char *what, NNError *error)
{
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		if (!nn_layer_unadapted(layer, params + layer->param_offset))
			continue;
		nn_error(error, NN_BAD_VALUE, "layer \"%s\" of the %s has not learned from rows yet",
				 layer->name, what);
		return nn_hint(
			error,
			"Give it mean and variance, or scale the rows in the query or by nnet.rescaling().");
	}
	return true;
}

static bool
check_options(const NNGan *gan, NNError *error)
{
	bool critical = gan->loss == NN_GAN_WASSERSTEIN;

	if (critical && gan->smoothing != 0)
	{
		nn_error(error, NN_BAD_VALUE,
				 "label_smoothing has no meaning for the loss wasserstein, which has no labels");
		return nn_hint(error, "Leave label_smoothing out, or choose another loss.");
	}
	if (critical && gan->clip <= 0)
	{
		nn_error(error, NN_BAD_VALUE, "the loss wasserstein needs clip above 0");
		return nn_hint(
			error,
			"Without a bound of the discriminator's weights its output has none; 0.01 is usual.");
	}
	return true;
}

/* Outputs of which batch they would be is not said by anything: real, made, or both. */
static bool
check_activity(const NNModel *model, NNError *error)
{
	for (int i = 0; i < model->n_layers; i++)
		if (nn_regularized(&model->layers[i].activity))
			return nn_error(error, NN_BAD_VALUE,
							"layer \"%s\" regularizes its activity, which is not for fit_gan",
							model->layers[i].name);
	return true;
}

/* Resolve the loss for the discriminator; the generator's output is all its own. */
static bool
make_objectives(NNGan *gan, NNError *error)
{
	NNModel *discriminator = gan->discriminator.model;
	NNModel *generator = gan->generator.model;
	const NNLayer *judge = nn_model_output(discriminator, 0);
	bool crossentropy = gan->loss == NN_GAN_CROSSENTROPY;
	/* a critic's targets look like those of least squares */
	NNGanLoss like = crossentropy ? NN_GAN_CROSSENTROPY : NN_GAN_LEAST_SQUARES;

	if (!check_activity(generator, error) || !check_activity(discriminator, error))
		return false;
	if (!nn_objectives_parse(&gan->verdict, discriminator, nn_loss_judge(like)->name, NULL, 0,
							 error))
		return false;
	if (crossentropy && nn_layer_activation(judge) != NN_SIGMOID)
	{
		nn_error(error, NN_BAD_VALUE,
				 "the loss binary_crossentropy needs a discriminator that ends with the "
				 "activation sigmoid, unlike layer \"%s\"",
				 judge->name);
		return nn_hint(error,
					   "End it with nnet.dense(1, activation => 'sigmoid'), or choose the loss "
					   "least_squares.");
	}
	if (gan->loss == NN_GAN_WASSERSTEIN)
		nn_loss_set(&gan->verdict.of[0].loss, &critic);
	gan->objectives = gan->verdict;
	gan->objectives.of[0].n_metrics = 1;
	gan->objectives.of[0].metrics[0] = (NNMetric){.kind = &hits, .states = hits.states};
	/* fit may have meant to compute its last activation with the loss */
	generator->layers[generator->outputs[0]].logits = false;
	return true;
}

bool
nn_gan_check(NNGan *gan, NNError *error)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;

	if (!check_ports(generator, "generator", error) ||
		!check_ports(discriminator, "discriminator", error) || !check_shapes(gan, error))
		return false;
	make_spans(gan);
	mark_places(gan);
	return check_differentiable(gan, error) &&
		check_learned(generator, gan->generator.params, "generator", error) &&
		check_learned(discriminator, gan->discriminator.params, "discriminator", error) &&
		check_options(gan, error) && make_objectives(gan, error);
}

/* ---- plans ---- */

static bool
plan_model(NNRun *run, const NNPlanRequest *request, NNError *error)
{
	NNPlanRequest own = *request;

	own.optimizer = run->optimizer;
	return nn_plan_make(run->plan, run->model, &own, error);
}

static bool
plan_models(NNGan *gan, const NNPlanRequest *request, NNError *error)
{
	NNPlanRequest judged = *request;

	judged.objectives = &gan->objectives;
	judged.passes = NN_GAN_PASSES;
	return plan_model(&gan->generator, request, error) &&
		plan_model(&gan->discriminator, &judged, error);
}

/* Let both make a plan of their own, then the same one where they differ. */
bool
nn_gan_plan(NNGan *gan, const NNPlanRequest *request, NNError *error)
{
	const NNPlan *g = gan->generator.plan;
	const NNPlan *d = gan->discriminator.plan;
	NNPlanRequest common = {
		.batch = request->batch,
		.threads = request->threads,
		.force_threads = request->force_threads,
		.chunk = request->chunk,
		.precision = request->precision,
		.training = true,
	};
	NNPlanRequest judge;

	if (!plan_models(gan, &common, error))
		return false;
	common.threads = g->threads > d->threads ? g->threads : d->threads;
	common.force_threads = true;
	common.whole = g->coupled || d->coupled;
	if (common.chunk == 0 && g->threads == d->threads)
		common.chunk = g->chunk < d->chunk ? g->chunk : d->chunk;
	if (!plan_models(gan, &common, error))
		return false;
	/* other threads, other parts of a batch: other chunks */
	common.chunk = g->chunk < d->chunk ? g->chunk : d->chunk;
	if (!plan_models(gan, &common, error))
		return false;
	judge = common;
	judge.objectives = &gan->verdict;
	judge.places = gan->places;
	judge.frozen = true;
	if (!nn_plan_make(gan->judge, gan->discriminator.model, &judge, error))
		return false;
	gan->fake_bytes = nn_plan_workspace(gan->judge);
	if (gan->fake_bytes < nn_plan_workspace(d))
		gan->fake_bytes = nn_plan_workspace(d);
	return true;
}
