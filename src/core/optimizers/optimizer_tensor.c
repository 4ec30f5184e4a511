/*
 * optimizer_tensor.c
 *	  Optimizers whose step depends on a whole tensor: lamb and adafactor.
 *
 * They are given one tensor at a time, with all of its slots; what they sum over
 * it is summed in blocks, and these in doubles.
 */
#include "core/kernels/math_inline.h"
#include "core/optimizers/optimizer_conf.h"

#define BLOCK 4096

/*
 * ---- lamb: u is adam's step, with epsilon beside the corrected root;
 * p -= rate |p| / |u| u, the factor being 1 where one of the lengths is 0 ----
 */

/* What a step is made with. */
typedef struct Lamb
{
	nn_real a, b;		/* 1 - betas */
	nn_real by_m, by_v; /* corrections */
	nn_real epsilon;
} Lamb;

NN_INLINE nn_real
lamb_step(const Lamb *lamb, nn_real m, nn_real v)
{
	return m * lamb->by_m / (nn_sqrt(v * lamb->by_v) + lamb->epsilon);
}

/* New moments of a block; returns the sum of its squared steps. */
NN_INLINE nn_real
lamb_moments(const Lamb *lamb, nn_real *restrict m, nn_real *restrict v, const nn_real *restrict g,
			 const nn_real *restrict each, size_t n)
{
	nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
	{
		nn_real step;

		m[i] += (g[i] - m[i]) * lamb->a;
		v[i] += (nn_square_of(g, each, i) - v[i]) * lamb->b;
		step = lamb_step(lamb, m[i], v[i]);
		sum += step * step;
	}
	return sum;
}

static NN_HOT(void, lamb_apply,
			  (const Lamb *lamb, nn_real *restrict p, const nn_real *restrict m,
			   const nn_real *restrict v, size_t n, nn_real rate),
			  (lamb, p, m, v, n, rate))
{
	for (size_t i = 0; i < n; i++)
		p[i] -= rate * lamb_step(lamb, m[i], v[i]);
}

static NN_HOT(double, lamb_moments_of, (const Lamb *lamb, const NNUpdate *u), (lamb, u))
{
	double sum = 0;

	for (size_t at = 0; at < u->n; at += BLOCK)
	{
		size_t n = u->n - at < BLOCK ? u->n - at : BLOCK;
		nn_real *m = u->slots[0] + at;
		nn_real *v = u->slots[1] + at;

		if (u->each != NULL)
			sum += lamb_moments(lamb, m, v, u->g + at, u->each + at, n);
		else
			sum += lamb_moments(lamb, m, v, u->g + at, NULL, n);
	}
	return sum;
}

void
nn_lamb_update(const void *conf, const NNUpdate *u)
{
	const NNBetasConf *c = conf;
	Lamb lamb = {
		.a = (nn_real) (1 - c->beta_1),
		.b = (nn_real) (1 - c->beta_2),
		.by_m = 1 / (1 - nn_power_of(c->beta_1, u->step)),
		.by_v = 1 / (1 - nn_power_of(c->beta_2, u->step)),
		.epsilon = (nn_real) c->epsilon,
	};
	double length = sqrt(nn_sum_squares(u->p, u->n));
	double step = sqrt(lamb_moments_of(&lamb, u));
	double ratio = length > 0 && step > 0 ? length / step : 1;

	lamb_apply(&lamb, u->p, u->slots[0], u->slots[1], u->n, (nn_real) (ratio * u->rate));
}

/*
 * ---- adafactor: v averages g^2 + epsilon_1, of matrices by rows and columns alone:
 * v(i, j) = r(i) c(j) / mean(r); d = g / sqrt(v), shortened until its root mean
 * square is clip_threshold;  p -= max(epsilon_2, rms(p)) min(rate, 1 / sqrt(t)) d ----
 *
 * Tensors of more dimensions are matrices of the last two, one after the other.
 * Slot 0 has r (or v of a vector), slot 1 c, each from its begin.
 */

typedef struct Matrices
{
	size_t count, rows, columns;
} Matrices;

static Matrices
matrices_of(const NNShape *shape)
{
	Matrices of = {.count = 1,
				   .rows = (size_t) shape->dim[shape->rank - 2],
				   .columns = (size_t) shape->dim[shape->rank - 1]};

	for (int i = 0; i < shape->rank - 2; i++)
		of.count *= (size_t) shape->dim[i];
	return of;
}

/* A row's part in new averages of columns: c (n) += part (g^2 + epsilon); returns the row's sum. */
static NN_HOT(double, adafactor_row,
			  (nn_real *restrict c, const nn_real *restrict g, const nn_real *restrict each,
			   size_t n, nn_real part, nn_real epsilon),
			  (c, g, each, n, part, epsilon))
{
	double total = 0;

	for (size_t at = 0; at < n; at += BLOCK)
	{
		size_t end = n - at < BLOCK ? n : at + BLOCK;
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t i = at; i < end; i++)
		{
			nn_real square = nn_square_of(g, each, i) + epsilon;

			c[i] += part * square;
			sum += square;
		}
		total += sum;
	}
	return total;
}

/*
 * p (n) -= step g / sqrt(v), v = c times what is common to the row; returns the sum of squares
 * of g / sqrt(v), where ids stand at several places those of each.
 */
static NN_HOT(double, adafactor_apply,
			  (nn_real *restrict p, const nn_real *restrict g, const nn_real *restrict each,
			   const nn_real *restrict c, size_t n, nn_real common, nn_real step),
			  (p, g, each, c, n, common, step))
{
	double total = 0;

	for (size_t at = 0; at < n; at += BLOCK)
	{
		size_t end = n - at < BLOCK ? n : at + BLOCK;
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t i = at; i < end; i++)
		{
			nn_real v = c[i] * common;

			sum += nn_square_of(g, each, i) / v;
			p[i] -= step * (g[i] / nn_sqrt(v));
		}
		total += sum;
	}
	return total;
}

/* One pass over matrices: with step 0 it only measures. */
static double
adafactor_pass(const NNUpdate *u, const Matrices *of, nn_real step)
{
	size_t size = of->rows * of->columns;
	double total = 0;

	for (size_t k = 0; k < of->count; k++)
	{
		const nn_real *r = u->slots[0] + k * of->rows;
		const nn_real *c = u->slots[1] + k * of->columns;
		double mean = 0;

		for (size_t i = 0; i < of->rows; i++)
			mean += (double) r[i] / (double) of->rows;
		for (size_t i = 0; i < of->rows; i++)
		{
			size_t at = k * size + i * of->columns;

			total += adafactor_apply(u->p + at, u->g + at, u->each != NULL ? u->each + at : NULL, c,
									 of->columns, (nn_real) ((double) r[i] / mean), step);
		}
	}
	return total;
}

static void
adafactor_average(const NNAdafactorConf *conf, const NNUpdate *u, const Matrices *of, double beta)
{
	size_t size = of->rows * of->columns;
	double rest = 1 - beta;

	for (size_t k = 0; k < of->count; k++)
	{
		nn_real *r = u->slots[0] + k * of->rows;
		nn_real *c = u->slots[1] + k * of->columns;

		nn_scale(c, (nn_real) beta, of->columns);
		for (size_t i = 0; i < of->rows; i++)
		{
			size_t at = k * size + i * of->columns;
			double sum =
				adafactor_row(c, u->g + at, u->each != NULL ? u->each + at : NULL, of->columns,
							  (nn_real) (rest / (double) of->rows), (nn_real) conf->epsilon_1);

			r[i] = (nn_real) (beta * (double) r[i] + rest * sum / (double) of->columns);
		}
	}
}

void
nn_adafactor_update(const void *conf, const NNUpdate *u)
{
	const NNAdafactorConf *c = conf;
	double rate = fmin(u->rate, 1 / sqrt((double) u->step));
	double beta = 1 - pow((double) u->step, c->beta_2_decay);
	double step = fmax(c->epsilon_2, sqrt(nn_sum_squares(u->p, u->n) / (double) u->n)) * rate;
	Matrices of;
	double size;

	if (u->param->shape.rank >= 2)
	{
		of = matrices_of(&u->param->shape);
		adafactor_average(c, u, &of, beta);
		size = sqrt(adafactor_pass(u, &of, 0) / (double) u->n);
		adafactor_pass(u, &of, (nn_real) (step / fmax(1, size / c->clip_threshold)));
		return;
	}
	nn_scale(u->slots[0], (nn_real) beta, u->n);
	(void) adafactor_row(u->slots[0], u->g, u->each, u->n, (nn_real) (1 - beta),
						 (nn_real) c->epsilon_1);
	size = sqrt(adafactor_apply(u->p, u->g, u->each, u->slots[0], u->n, 1, 0) / (double) u->n);
	(void) adafactor_apply(u->p, u->g, u->each, u->slots[0], u->n, 1,
						   (nn_real) (step / fmax(1, size / c->clip_threshold)));
}
