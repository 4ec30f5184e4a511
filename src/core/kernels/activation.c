/*
 * activation.c
 *	  y = f(z) element by element, and softmax over rows.
 *
 * forward overwrites z (n) with y.  backward overwrites dy (n) with
 * dz = dy f'(z), from y where that is enough, so that z need not be kept.
 * Definitions are those of Keras 3.  A kind is one row of the table below.
 */
#include <stddef.h>

#include "core/kernels/kernels.h"
#include "core/kernels/math_inline.h"

#define LEAKY_SLOPE ((nn_real) 0.2)
#define SELU_SCALE ((nn_real) 1.0507009873554805)
#define SELU_SCALE_ALPHA ((nn_real) 1.7580993408473766)
#define SQRT_HALF_PI ((nn_real) 0.39894228040143268) /* 1 / sqrt(2 pi) */

const NNWord nn_activation_words[] = {
	{"linear", NN_LINEAR},
	{"relu", NN_RELU},
	{"relu6", NN_RELU6},
	{"leaky_relu", NN_LEAKY_RELU},
	{"elu", NN_ELU},
	{"selu", NN_SELU},
	{"gelu", NN_GELU},
	{"silu", NN_SILU},
	{"swish", NN_SILU},
	{"softplus", NN_SOFTPLUS},
	{"softsign", NN_SOFTSIGN},
	{"tanh", NN_TANH},
	{"sigmoid", NN_SIGMOID},
	{"hard_sigmoid", NN_HARD_SIGMOID},
	{"exponential", NN_EXPONENTIAL},
	{"softmax", NN_SOFTMAX},
	{NULL, 0},
};

/* Define a loop z = f(x), x being the old value. */
#define FORWARD(name, result)                                                    \
	static NN_HOT(void, name##_forward, (nn_real *restrict z, size_t n), (z, n)) \
	{                                                                            \
		for (size_t i = 0; i < n; i++)                                           \
		{                                                                        \
			nn_real x = z[i];                                                    \
                                                                                 \
			z[i] = (result);                                                     \
		}                                                                        \
	}

/* Define a loop dy *= f', from `known`: y or z. */
#define BACKWARD(name, known, derivative)                                             \
	static NN_HOT(void, name##_backward,                                              \
				  (const nn_real *restrict known##s, nn_real *restrict dy, size_t n), \
				  (known##s, dy, n))                                                  \
	{                                                                                 \
		for (size_t i = 0; i < n; i++)                                                \
		{                                                                             \
			nn_real known = known##s[i];                                              \
                                                                                      \
			dy[i] *= (derivative);                                                    \
		}                                                                             \
	}

FORWARD(relu, nn_at_least(x, 0))
BACKWARD(relu, y, y > 0 ? 1 : 0)

FORWARD(relu6, nn_at_most(nn_at_least(x, 0), 6))
BACKWARD(relu6, y, y > 0 && y < 6 ? 1 : 0)

FORWARD(leaky_relu, x < 0 ? LEAKY_SLOPE * x : x)
BACKWARD(leaky_relu, y, y > 0 ? 1 : LEAKY_SLOPE)

FORWARD(elu, x < 0 ? nn_expm1(x) : x)
BACKWARD(elu, y, y < 0 ? y + 1 : 1)

FORWARD(selu, x < 0 ? SELU_SCALE_ALPHA * nn_expm1(x) : SELU_SCALE * x)
BACKWARD(selu, y, y < 0 ? y + SELU_SCALE_ALPHA : SELU_SCALE)

FORWARD(softplus, nn_log1p_exp(x))
BACKWARD(softplus, y, -nn_expm1(-y))

FORWARD(softsign, x / (1 + nn_abs(x)))
BACKWARD(softsign, y, (1 - nn_abs(y)) * (1 - nn_abs(y)))

FORWARD(tanh, nn_tanh(x))
BACKWARD(tanh, y, 1 - y * y)

FORWARD(sigmoid, nn_sigmoid(x))
BACKWARD(sigmoid, y, y *(1 - y))

FORWARD(hard_sigmoid, nn_at_most(nn_at_least(x + 3, 0), 6) / 6)
BACKWARD(hard_sigmoid, y, y > 0 && y < 1 ? (nn_real) 1 / 6 : 0)

FORWARD(exponential, nn_exp(x))
BACKWARD(exponential, y, y)

/* z Phi(z), Phi the normal distribution; its derivative Phi(z) + z phi(z) */
#define DENSITY(x) nn_exp((nn_real) -0.5 * (x) * (x))
FORWARD(gelu, x *nn_normal_share(x, DENSITY(x)))
BACKWARD(gelu, z, nn_normal_share(z, DENSITY(z)) + z * SQRT_HALF_PI * DENSITY(z))

/* z s, s the sigmoid; its derivative s (1 + z (1 - s)) */
FORWARD(silu, x *nn_sigmoid(x))
BACKWARD(silu, z, nn_sigmoid(z) * (1 + z * nn_sigmoid(-z)))

static const struct
{
	void (*forward)(nn_real *z, size_t n);
	void (*backward)(const nn_real *known, nn_real *dy, size_t n);
	bool needs_z; /* known is z, not y */
} activations[NN_ACTIVATION_COUNT] = {
	[NN_LINEAR] = {NULL, NULL, false},
	[NN_RELU] = {relu_forward, relu_backward, false},
	[NN_RELU6] = {relu6_forward, relu6_backward, false},
	[NN_LEAKY_RELU] = {leaky_relu_forward, leaky_relu_backward, false},
	[NN_ELU] = {elu_forward, elu_backward, false},
	[NN_SELU] = {selu_forward, selu_backward, false},
	[NN_GELU] = {gelu_forward, gelu_backward, true},
	[NN_SILU] = {silu_forward, silu_backward, true},
	[NN_SOFTPLUS] = {softplus_forward, softplus_backward, false},
	[NN_SOFTSIGN] = {softsign_forward, softsign_backward, false},
	[NN_TANH] = {tanh_forward, tanh_backward, false},
	[NN_SIGMOID] = {sigmoid_forward, sigmoid_backward, false},
	[NN_HARD_SIGMOID] = {hard_sigmoid_forward, hard_sigmoid_backward, false},
	[NN_EXPONENTIAL] = {exponential_forward, exponential_backward, false},
	[NN_SOFTMAX] = {NULL, NULL, false} /* by rows, below */
};

/* The largest, NaN passed over; in lanes, since compilers keep the order. */
NN_INLINE nn_real
row_max(const nn_real *x, size_t n)
{
	nn_real lane[8];
	nn_real max = x[0];
	size_t j = 0;

	if (n >= 16)
	{
		for (int l = 0; l < 8; l++)
			lane[l] = x[l];
		for (j = 8; j + 8 <= n; j += 8)
			for (int l = 0; l < 8; l++)
				lane[l] = x[j + l] > lane[l] ? x[j + l] : lane[l];
		for (int l = 0; l < 8; l++)
			max = lane[l] > max ? lane[l] : max;
	}
	for (; j < n; j++)
		max = x[j] > max ? x[j] : max;
	return max;
}

/*
 * z (rows, width).  The exponentials are one loop over several rows, since
 * rows are often shorter than it takes to vectorise well.
 */
static NN_HOT(void, softmax_rows, (nn_real *restrict z, size_t rows, size_t width),
			  (z, rows, width))
{
	for (size_t r = 0; r < rows; r++)
	{
		nn_real *row = z + r * width;
		nn_real max = row_max(row, width);

		for (size_t j = 0; j < width; j++)
			row[j] -= max;
	}
	for (size_t i = 0; i < rows * width; i++)
		z[i] = nn_exp(z[i]);
	for (size_t r = 0; r < rows; r++)
	{
		nn_real *row = z + r * width;
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += row[j];
		sum = 1 / sum;
		for (size_t j = 0; j < width; j++)
			row[j] *= sum;
	}
}

/* dz = y (dy - sum of dy y over the row) */
static NN_HOT(void, softmax_backward,
			  (const nn_real *restrict y, nn_real *restrict dy, size_t rows, size_t width),
			  (y, dy, rows, width))
{
	for (size_t r = 0; r < rows; r++, y += width, dy += width)
	{
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += y[j] * dy[j];
		for (size_t j = 0; j < width; j++)
			dy[j] = y[j] * (dy[j] - sum);
	}
}

void
nn_activate(NNActivation f, nn_real *z, size_t n, size_t width)
{
	if (f == NN_SOFTMAX && n > 0)
	{
		const size_t rows = n / width;
		const size_t piece = width < 4096 ? 4096 / width : 1; /* stays in the first cache */

		for (size_t r = 0; r < rows; r += piece)
			softmax_rows(z + r * width, rows - r < piece ? rows - r : piece, width);
	}
	else if (activations[f].forward != NULL)
		activations[f].forward(z, n);
}

bool
nn_activation_needs_z(NNActivation f)
{
	return activations[f].needs_z;
}

void
nn_activate_backward(NNActivation f, const nn_real *z, const nn_real *y, nn_real *dy, size_t n,
					 size_t width)
{
	if (f == NN_SOFTMAX && n > 0)
		softmax_backward(y, dy, n / width, width);
	else if (activations[f].backward != NULL)
		activations[f].backward(activations[f].needs_z ? z : y, dy, n);
}
