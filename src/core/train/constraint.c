/*
 * constraint.c
 *	  What parameters are held to after each step, as Keras does it: after the update, and
 *	  the moving average, of all of them.
 *
 * Norms are of the values along some dimensions of a tensor, its axis, for each place of the
 * others.  Threads share these out: a piece of work is either one place, or some
 * places of the last dimension side by side, whose values lie together.
 */
#include "core/layers/layer.h"
#include "core/optimizers/optimizer.h"
#include "core/train/update.h"

#define EPSILON 1e-7
#define SIDE_BY_SIDE 64

/* Some dimensions of a tensor. */
typedef struct Dims
{
	int n;
	size_t dim[NN_MAX_DIMS], stride[NN_MAX_DIMS];
	size_t count; /* places */
} Dims;

/* A tensor whose norms go along some dimensions; the last are apart, all of one sort. */
typedef struct Norms
{
	Dims along, across;
	size_t last;
	bool last_along;
} Norms;

static void
add_dim(Dims *dims, size_t dim, size_t stride)
{
	dims->dim[dims->n] = dim;
	dims->stride[dims->n++] = stride;
	dims->count *= dim;
}

static size_t
place_in(const Dims *dims, size_t index)
{
	size_t at = 0;

	for (int i = 0; i < dims->n; i++)
	{
		at += index % dims->dim[i] * dims->stride[i];
		index /= dims->dim[i];
	}
	return at;
}

static bool
goes_along(const NNInts *axis, int dimension, int rank)
{
	for (int i = 0; i < axis->count; i++)
		if (axis->value[i] == dimension || axis->value[i] + rank == dimension)
			return true;
	return false;
}

static Norms
norms_of(const NNParam *param)
{
	Norms norms = {.along.count = 1, .across.count = 1, .last = 1};
	int rank = param->shape.rank;
	size_t stride = 1;
	bool apart = true;

	norms.last_along = rank == 0 || goes_along(&param->constraint.axis, rank - 1, rank);
	for (int i = rank - 1; i >= 0; i--)
	{
		bool along = goes_along(&param->constraint.axis, i, rank);
		size_t dim = (size_t) param->shape.dim[i];

		apart = apart && along == norms.last_along;
		if (apart)
			norms.last *= dim;
		else
			add_dim(along ? &norms.along : &norms.across, dim, stride);
		stride *= dim;
	}
	return norms;
}

/* What values of that norm are multiplied by. */
static nn_real
factor_of(const NNConstraint *constraint, double squares)
{
	double norm = sqrt(squares);
	double wanted = 1;

	if (constraint->kind == NN_MAX_NORM)
		wanted = fmin(norm, constraint->max_value);
	else if (constraint->kind == NN_MIN_MAX_NORM)
		wanted = constraint->rate * fmin(fmax(norm, constraint->min_value), constraint->max_value) +
			(1 - constraint->rate) * norm;
	return (nn_real) (wanted / (EPSILON + norm));
}

/* p becomes value; a slot that is kept beside it goes with it, or is NULL. */
static void
set(nn_real *p, nn_real *beside, nn_real value)
{
	if (beside != NULL)
		*beside -= value - *p;
	*p = value;
}

/* A piece of work: `width` norms of values side by side, or one of `run` that follow each other. */
static void
hold_norms(const NNConstraint *constraint, const Norms *norms, nn_real *p, nn_real *beside,
		   size_t width, size_t run)
{
	double squares[SIDE_BY_SIDE] = {0};
	nn_real factor[SIDE_BY_SIDE];

	for (size_t a = 0; a < norms->along.count; a++)
	{
		const nn_real *from = p + place_in(&norms->along, a);

		for (size_t k = 0; k < run; k++)
			for (size_t c = 0; c < width; c++)
				squares[c] += (double) from[k + c] * (double) from[k + c];
	}
	for (size_t c = 0; c < width; c++)
		factor[c] = factor_of(constraint, squares[c]);
	for (size_t a = 0; a < norms->along.count; a++)
	{
		size_t at = place_in(&norms->along, a);

		for (size_t k = 0; k < run; k++)
			for (size_t c = 0; c < width; c++)
				set(p + at + k + c, beside == NULL ? NULL : beside + at + k + c,
					p[at + k + c] * factor[c]);
	}
}

static void
constrain_norms(const NNParam *param, nn_real *p, nn_real *beside, size_t thread, size_t threads)
{
	Norms norms = norms_of(param);
	size_t width = norms.last_along ? 1 : SIDE_BY_SIDE;
	size_t pieces = norms.last_along ? 1 : (norms.last + width - 1) / width;

	for (size_t i = thread; i < norms.across.count * pieces; i += threads)
	{
		size_t column = i % pieces * width;
		size_t at = place_in(&norms.across, i / pieces) + column;
		size_t left = norms.last - column;

		hold_norms(&param->constraint, &norms, p + at, beside == NULL ? NULL : beside + at,
				   left < width ? left : width, norms.last_along ? norms.last : 1);
	}
}

static void
constrain_signs(const NNParam *param, nn_real *p, nn_real *beside, size_t thread, size_t threads)
{
	size_t to = param->size * (thread + 1) / threads;

	for (size_t i = param->size * thread / threads; i < to; i++)
		if (p[i] < 0)
			set(p + i, beside == NULL ? NULL : beside + i, 0);
}

void
nn_constrain(const NNPart *part)
{
	const NNRun *run = part->run;
	size_t thread = (size_t) part->thread;
	size_t threads = (size_t) part->plan->threads;

	if (!part->plan->constrained)
		return;
	(void) nn_part_barrier(part);
	for (int i = 0; i < run->model->n_layers; i++)
	{
		const NNLayer *layer = &run->model->layers[i];

		for (int k = 0; k < layer->n_params && part->plan->layers[i].grads; k++)
		{
			const NNParam *param = &layer->params[k];
			size_t at = layer->param_offset + param->offset;
			nn_real *beside = run->optimizer->kind->relative ? run->slots[0] + at : NULL;

			if (!param->trainable || param->constraint.kind == NN_NO_CONSTRAINT)
				continue;
			if (param->constraint.kind == NN_NON_NEG)
				constrain_signs(param, run->params + at, beside, thread, threads);
			else
				constrain_norms(param, run->params + at, beside, thread, threads);
		}
	}
}

void
nn_orthogonalize(const NNPart *part, double scale)
{
	const NNRun *run = part->run;

	for (int i = 0; i < run->model->n_layers && scale != 0; i++)
	{
		const NNLayer *layer = &run->model->layers[i];

		for (int k = 0; k < layer->n_params && part->plan->layers[i].grads; k++)
		{
			const NNParam *param = &layer->params[k];
			size_t at = layer->param_offset + param->offset;
			size_t n = param->regularizer.orthogonal == 0 ? 0 : nn_orthogonal_vectors(param);

			for (size_t v = (size_t) part->thread; v < n; v += (size_t) part->plan->threads)
				nn_orthogonal_gradient(param, run->params + at, v, 1 / scale, run->grads + at);
		}
	}
}
