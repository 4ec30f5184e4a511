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
#include "core/losses/loss.h"
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
	"wasserstein", NULL, NN_MEANS_NUMBER, NN_LINEAR, 1, critic_run, NN_GAN_WASSERSTEIN,
};

/* Smoothed labels are labels all the same. */
static void
hits_run(const NNLossPass *pass, double *number)
{
	for (size_t i = 0; i < pass->rows; i++)
		*number += (pass->y[i] > (nn_real) 0.5) == (pass->target[i] > 0);
}

static double
hits_result(const double *number)
{
	return *number;
}

static const NNMetricKind hits = {
	"hits", NULL, NN_TARGET_REALS, NN_MEANS_NUMBER, 1, hits_run, hits_result, true,
};

NNGanLoss
nn_gan_loss(const NNLossKind *loss)
{
	return loss->judge;
}

double
nn_gan_loss_weight(NNGanLoss loss)
{
	return loss == NN_GAN_WASSERSTEIN ? 2 : 1;
}

/* ---- what fits ---- */

static bool
check_ports(const NNModel *model, const char *what, NNError *error)
{
	char shape[64];

	if (model->n_inputs > 1 || model->n_outputs > 1)
	{
		nn_error(error, NN_BAD_SHAPE, "a %s must have one input and one output, not %d and %d",
				 what, model->n_inputs, model->n_outputs);
		return nn_hint(error, "Merge its inputs before the model, or its outputs by a layer.");
	}
	if (!model->variable)
		return true;
	nn_shape_text(&nn_model_input(model, 0)->out, shape, sizeof(shape));
	nn_error(error, NN_BAD_SHAPE, "the input of a %s must have a fixed shape, not %s", what, shape);
	return nn_hint(error, "Give nnet.input() a number in place of NULL.");
}

static bool
check_shapes(const NNGan *gan, NNError *error)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;
	size_t given = (size_t) gan->condition;
	const NNShape *fed = &nn_model_input(generator, 0)->out;
	const NNShape *made = &nn_model_output(generator, 0)->out;
	const NNShape *taken = &nn_model_input(discriminator, 0)->out;
	const NNShape *judged = &nn_model_output(discriminator, 0)->out;
	char a[64], b[64];

	nn_shape_text(made, a, sizeof(a));
	nn_shape_text(taken, b, sizeof(b));
	if (given > 0 && nn_shape_size(made) + given != nn_shape_size(taken))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the generator's output has size %zu, which with a condition of %zu values is not "
				 "the %zu of the discriminator's input",
				 nn_shape_size(made), given, nn_shape_size(taken));
		return nn_hint(error, "A row of data is what the generator makes, and then the condition.");
	}
	if (given >= nn_shape_size(fed))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the generator's input has size %zu, which a condition of %zu values leaves no "
				 "room for noise",
				 nn_shape_size(fed), given);
		return nn_hint(error, "Its input is the noise, and then the condition.");
	}
	if (given == 0 && nn_shape_size(made) != nn_shape_size(taken))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the generator's output has shape %s, size %zu, "
				 "but the discriminator's input has shape %s, size %zu",
				 a, nn_shape_size(made), b, nn_shape_size(taken));
		return nn_hint(
			error,
			"The generator must end with what the discriminator begins with, a row of data.");
	}
	if (nn_shape_size(judged) == 1)
		return true;
	nn_shape_text(judged, a, sizeof(a));
	nn_error(error, NN_BAD_SHAPE, "the discriminator's output has shape %s; it must be one number",
			 a);
	return nn_hint(error,
				   "End it with nnet.dense(1, activation => 'sigmoid'), "
				   "or without activation for least_squares and wasserstein.");
}

static bool
takes_indexes(const NNLayer *layer)
{
	return strcmp(layer->kind->name, "embedding") == 0 ||
		(layer->inner[0] != NULL && takes_indexes(layer->inner[0]));
}

/* Gradients reach the generator through every layer of the discriminator. */
static bool
check_differentiable(const NNModel *discriminator, NNError *error)
{
	for (int i = 0; i < discriminator->n_layers; i++)
	{
		const NNLayer *layer = &discriminator->layers[i];

		if (takes_indexes(layer))
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
		gan->verdict.of[0].loss = &critic;
	gan->objectives = gan->verdict;
	gan->objectives.of[0].n_metrics = 1;
	gan->objectives.of[0].metrics[0] = &hits;
	/* fit may have meant to compute its last activation with the loss */
	generator->layers[generator->outputs[0]].logits = false;
	return true;
}

bool
nn_gan_check(NNGan *gan, NNError *error)
{
	const NNModel *generator = gan->generator.model;
	const NNModel *discriminator = gan->discriminator.model;

	return check_ports(generator, "generator", error) &&
		check_ports(discriminator, "discriminator", error) && check_shapes(gan, error) &&
		check_differentiable(discriminator, error) &&
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
	judge.input_gradient = true;
	judge.frozen = true;
	if (!nn_plan_make(gan->judge, gan->discriminator.model, &judge, error))
		return false;
	gan->fake_bytes = nn_plan_workspace(gan->judge);
	if (gan->fake_bytes < nn_plan_workspace(d))
		gan->fake_bytes = nn_plan_workspace(d);
	return true;
}
